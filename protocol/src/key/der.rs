//! The little of DER (ITU-T X.690) that public keys need: sequences, integers and bit strings, strictly.

use super::{KeyError, MAX_RSA_BITS, MIN_RSA_BITS, PublicKey, RsaPublicKey};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// AlgorithmIdentifier of rsaEncryption with its NULL (RFC 3279 §2.3.1), without the outer tag and length.
const RSA_ALGORITHM: [u8; 13] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// The same without NULL, which some writers leave out.
const RSA_ALGORITHM_BARE: &[u8] = RSA_ALGORITHM.split_at(11).0;
/// id-Ed25519 (RFC 8410 §3).
const ED25519_ALGORITHM: [u8; 5] = [0x06, 0x03, 0x2b, 0x65, 0x70];
/// id-ecPublicKey with prime256v1 (RFC 5480 §2.1.1).
const P256_ALGORITHM: [u8; 19] =
    [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// What stands before the 32 bytes in the SubjectPublicKeyInfo of an Ed25519 key.
pub(super) const ED25519_SPKI_PREFIX: [u8; 12] =
    [SEQUENCE, 42, SEQUENCE, 5, 0x06, 0x03, 0x2b, 0x65, 0x70, BIT_STRING, 33, 0];
/// What stands before the 65 bytes in the SubjectPublicKeyInfo of a P-256 key.
pub(super) const P256_SPKI_PREFIX: [u8; 26] = [
    SEQUENCE, 89, SEQUENCE, 19, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07, BIT_STRING, 66, 0,
];

/// Reads a SubjectPublicKeyInfo.
pub(super) fn read_spki(der: &[u8]) -> Result<PublicKey, KeyError> {
    let (outer, rest) = element(der, SEQUENCE)?;
    let (algorithm, after) = element(outer, SEQUENCE)?;
    let (bits, end) = element(after, BIT_STRING)?;
    let (unused, key) = bits.split_first().ok_or(KeyError::Der)?;
    if !rest.is_empty() || !end.is_empty() || *unused != 0 {
        return Err(KeyError::Der);
    }
    if algorithm == RSA_ALGORITHM || algorithm == RSA_ALGORITHM_BARE {
        return RsaPublicKey::from_pkcs1(key).map(PublicKey::Rsa);
    }
    if algorithm == ED25519_ALGORITHM {
        return key.try_into().map(PublicKey::Ed25519).map_err(|_| KeyError::Length(key.len()));
    }
    if algorithm == P256_ALGORITHM {
        let point: [u8; 65] = key.try_into().map_err(|_| KeyError::Length(key.len()))?;
        return if point[0] == 4 { Ok(PublicKey::P256(point)) } else { Err(KeyError::Der) };
    }
    Err(KeyError::UnknownType)
}

/// Checks an RSAPublicKey and tells the length of its modulus in bits.
pub(super) fn check_pkcs1(der: &[u8]) -> Result<usize, KeyError> {
    let (outer, rest) = element(der, SEQUENCE)?;
    let (modulus, after) = unsigned(outer)?;
    let (exponent, end) = unsigned(after)?;
    if !rest.is_empty() || !end.is_empty() {
        return Err(KeyError::Der);
    }
    match bit_length(modulus) {
        bits if bits < MIN_RSA_BITS => return Err(KeyError::RsaTooShort(bits)),
        bits if bits > MAX_RSA_BITS => return Err(KeyError::RsaTooLong(bits)),
        _ => {}
    }
    // An even modulus is no product of two odd primes; crypto libraries divide by it at their peril.
    if modulus.last().is_none_or(|byte| byte & 1 == 0) {
        return Err(KeyError::Der);
    }
    let exponent_bits = bit_length(exponent);
    if !(2..=33).contains(&exponent_bits) || exponent.last().is_none_or(|byte| byte & 1 == 0) {
        return Err(KeyError::RsaExponent);
    }
    Ok(bit_length(modulus))
}

/// The modulus and the exponent of an RSAPublicKey.
pub(super) fn parts(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (outer, _) = element(der, SEQUENCE).ok()?;
    let (modulus, after) = unsigned(outer).ok()?;
    Some((modulus, unsigned(after).ok()?.0))
}

/// Wraps an RSAPublicKey into its SubjectPublicKeyInfo.
pub(super) fn write_rsa_spki(pkcs1: &[u8]) -> Vec<u8> {
    let algorithm = wrap(SEQUENCE, &[&RSA_ALGORITHM]);
    let key = wrap(BIT_STRING, &[&[0], pkcs1]);
    wrap(SEQUENCE, &[&algorithm, &key])
}

/// An RSAPublicKey of a modulus and an exponent, both big-endian.
pub(super) fn write_pkcs1(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    wrap(SEQUENCE, &[&integer(modulus), &integer(exponent)])
}

fn integer(magnitude: &[u8]) -> Vec<u8> {
    let start = magnitude.iter().position(|byte| *byte != 0).unwrap_or(magnitude.len());
    let magnitude = magnitude.get(start..).unwrap_or_default();
    // A leading zero keeps a number whose first bit is set from being read as negative.
    let sign: &[u8] = if magnitude.first().is_none_or(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
    wrap(INTEGER, &[sign, magnitude])
}

fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    if length < 0x80 {
        out.push(u8::try_from(length).unwrap_or(0));
    } else {
        let bytes = length.to_be_bytes();
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        let digits = bytes.get(start..).unwrap_or_default();
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
        out.extend_from_slice(digits);
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// One element with this tag: its content, and what follows it. Lengths must be written in their shortest form.
fn element(der: &[u8], tag: u8) -> Result<(&[u8], &[u8]), KeyError> {
    let [first, length, rest @ ..] = der else { return Err(KeyError::Der) };
    if *first != tag {
        return Err(KeyError::Der);
    }
    let (length, rest) = match *length {
        short @ 0..=0x7f => (usize::from(short), rest),
        0x81 => match rest {
            [length @ 0x80..=0xff, rest @ ..] => (usize::from(*length), rest),
            _ => return Err(KeyError::Der),
        },
        0x82 => match rest {
            [high @ 1..=0xff, low, rest @ ..] => (usize::from(*high) << 8 | usize::from(*low), rest),
            _ => return Err(KeyError::Der),
        },
        _ => return Err(KeyError::Der),
    };
    rest.split_at_checked(length).ok_or(KeyError::Der)
}

/// A positive INTEGER in its shortest form: its magnitude without the zero that marks the sign, and what follows.
fn unsigned(der: &[u8]) -> Result<(&[u8], &[u8]), KeyError> {
    let (content, rest) = element(der, INTEGER)?;
    match content {
        [0, magnitude @ ..] if magnitude.first().is_some_and(|byte| byte & 0x80 != 0) => Ok((magnitude, rest)),
        [1..=0x7f, ..] => Ok((content, rest)),
        _ => Err(KeyError::Der),
    }
}

fn bit_length(magnitude: &[u8]) -> usize {
    magnitude.first().map_or(0, |first| magnitude.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<usize, KeyError> {
        check_pkcs1(&write_pkcs1(modulus, exponent))
    }

    #[test]
    fn rsa_sizes_outside_the_limits_are_refused() {
        let odd = |bytes: usize| {
            let mut modulus = vec![0x80; bytes];
            modulus[bytes - 1] = 1;
            modulus
        };
        assert_eq!(rsa(&odd(128), &[1, 0, 1]), Ok(1024));
        assert_eq!(rsa(&odd(1024), &[1, 0, 1]), Ok(8192));
        assert_eq!(rsa(&odd(64), &[1, 0, 1]), Err(KeyError::RsaTooShort(512)));
        assert_eq!(rsa(&odd(1025), &[1, 0, 1]), Err(KeyError::RsaTooLong(8200)));
        let mut short = odd(128);
        short[0] = 0x7f;
        assert_eq!(rsa(&short, &[3]), Err(KeyError::RsaTooShort(1023)));
    }

    #[test]
    fn unsafe_exponents_and_even_moduli_are_refused() {
        let mut modulus = vec![0xff; 128];
        assert_eq!(rsa(&modulus, &[1]), Err(KeyError::RsaExponent));
        assert_eq!(rsa(&modulus, &[4]), Err(KeyError::RsaExponent));
        assert_eq!(rsa(&modulus, &[0xff; 5]), Err(KeyError::RsaExponent));
        modulus[127] = 0xfe;
        assert_eq!(rsa(&modulus, &[3]), Err(KeyError::Der));
    }

    #[test]
    fn spki_of_every_kind_reads_back() {
        let rsa = PublicKey::Rsa(RsaPublicKey::from_pkcs1(&write_pkcs1(&[0xff; 256], &[1, 0, 1])).unwrap());
        let mut point = [7; 65];
        point[0] = 4;
        for key in [rsa, PublicKey::Ed25519([9; 32]), PublicKey::P256(point)] {
            assert_eq!(PublicKey::from_spki(&key.to_spki()), Ok(key));
        }
    }

    #[test]
    fn damaged_der_is_an_error_at_every_length() {
        let der = PublicKey::Rsa(RsaPublicKey::from_pkcs1(&write_pkcs1(&[0xff; 256], &[1, 0, 1])).unwrap()).to_spki();
        for length in 0..der.len() {
            assert!(PublicKey::from_spki(&der[..length]).is_err(), "cut at {length}");
        }
        let mut longer = der;
        longer.push(0);
        assert_eq!(PublicKey::from_spki(&longer), Err(KeyError::Der));
    }
}
