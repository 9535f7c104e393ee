//! Base64 (RFC 4648) in its one canonical form: nothing that decodes to the same bytes as something else is read.
//!
//! Written here because of its size in the WebAssembly module; a test holds it against the crate `base64ct`.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each letter and digit; the two others differ from alphabet to alphabet.
const VALUES: [u8; 128] = {
    let mut values = [255; 128];
    let mut at = 0;
    while at < 62 {
        values[ALPHABET[at] as usize] = at as u8;
        at += 1;
    }
    values
};

/// Writes bytes with the standard alphabet and padding (RFC 4648 §4).
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = 0;
        for at in 0..3 {
            group = group << 8 | u32::from(chunk.get(at).copied().unwrap_or(0));
        }
        for at in 0..4 {
            let digit = ALPHABET.get((group >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'A');
            out.push(char::from(if at > chunk.len() { b'=' } else { digit }));
        }
    }
    out
}

/// Reads the standard alphabet with padding (RFC 4648 §4). `None` if it is not in its canonical form: white space,
/// missing or extra padding, bits that are left over.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let bare = text.strip_suffix(b"=").unwrap_or(text);
    let bare = bare.strip_suffix(b"=").unwrap_or(bare);
    decode_digits(bare, [b'+', b'/'])
}

/// Reads the standard alphabet, with padding as [`decode`] or with none at all.
#[must_use]
pub fn decode_either(text: &[u8]) -> Option<Vec<u8>> {
    if text.contains(&b'=') { decode(text) } else { decode_digits(text, [b'+', b'/']) }
}

/// Reads the alphabet for URLs without padding (RFC 4648 §5), as JWK has it.
#[must_use]
pub fn decode_url(text: &[u8]) -> Option<Vec<u8>> {
    decode_digits(text, [b'-', b'_'])
}

#[inline(never)]
fn decode_digits(text: &[u8], [plus, slash]: [u8; 2]) -> Option<Vec<u8>> {
    let mut out = vec![0; text.len() / 4 * 3 + [0, 0, 1, 2][text.len() % 4]];
    let mut bytes = out.chunks_mut(3);
    for digits in text.chunks(4) {
        let mut group = 0;
        for digit in digits {
            let value = match VALUES.get(usize::from(*digit)) {
                Some(value @ 0..=63) => *value,
                _ if *digit == plus => 62,
                _ if *digit == slash => 63,
                _ => return None,
            };
            group = group << 6 | u32::from(value);
        }
        let missing = 4 - digits.len();
        group <<= 6 * missing;
        let Some(chunk) = bytes.next().filter(|chunk| chunk.len() == 3 - missing) else {
            // One digit alone is no byte.
            return None;
        };
        let [_, whole @ ..] = group.to_be_bytes();
        let (there, left) = whole.split_at(chunk.len());
        chunk.copy_from_slice(there);
        // What is left over must be nothing.
        if left.iter().any(|byte| *byte != 0) {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::Encoding as _;

    #[test]
    fn it_is_what_base64ct_reads_and_writes() {
        let mut state = 1_u32;
        for length in 0..200 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 24) as u8
                })
                .collect();
            let text = base64ct::Base64::encode_string(&bytes);
            assert_eq!(encode(&bytes), text);
            assert_eq!(decode(text.as_bytes()), Some(bytes.clone()));
            assert_eq!(decode_either(text.as_bytes()), Some(bytes.clone()));
            assert_eq!(decode_either(base64ct::Base64Unpadded::encode_string(&bytes).as_bytes()), Some(bytes.clone()));
            let text = base64ct::Base64UrlUnpadded::encode_string(&bytes);
            assert_eq!(decode_url(text.as_bytes()), Some(bytes));
        }
    }

    #[test]
    fn every_text_of_four_characters_is_read_as_base64ct_reads_it() {
        let alphabet = b"AQgwBR/+=-_ \n";
        for number in 0..alphabet.len().pow(4) {
            let text: Vec<u8> =
                (0..4).map(|place| alphabet[number / alphabet.len().pow(place) % alphabet.len()]).collect();
            let text = core::str::from_utf8(&text).unwrap();
            assert_eq!(decode(text.as_bytes()), base64ct::Base64::decode_vec(text).ok(), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        for text in ["A", "AA", "AAA", "AAA==", "AA=A", "AB==", "AAB=", "====", "A===", "AAAA=", " AAA", "AA\n="] {
            assert_eq!(decode(text.as_bytes()), None, "{text:?}");
        }
        for text in ["A", "AB", "AAB", "AAA==", "AA=", "AAAA=", "AAAAA", "AA-_", "AA ="] {
            assert_eq!(decode_either(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(decode_url(b"AB"), None);
        assert_eq!(decode_url(b"A"), None);
        assert_eq!(decode_url(b"AA=="), None);
    }
}
