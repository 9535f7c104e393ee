//! Randomness, handed in: whoever needs it is given an [`Entropy`], so that tests can fix it.

use std::cell::RefCell;

/// Gives random bytes.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

/// How much is asked of the generator at a time, for what needs little: an id, a nonce. A question costs as much as a
/// kilobyte of answer.
const STORED: usize = 1024;
/// What asks for this much or more makes keys or secrets: that is never stored.
const SECRET: usize = 16;

thread_local! {
    /// Random bytes, and how many of them are used up (and erased).
    static STORE: RefCell<([u8; STORED], usize)> = const { RefCell::new(([0; STORED], STORED)) };
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() >= SECRET {
            return generate(bytes);
        }
        STORE.with_borrow_mut(|(store, used)| {
            if STORED - *used < bytes.len() {
                generate(store);
                *used = 0;
            }
            let given = &mut store[*used..*used + bytes.len()];
            bytes.copy_from_slice(given);
            given.fill(0);
            *used += bytes.len();
        });
    }
}

#[expect(clippy::expect_used, reason = "aws-lc's generator aborts rather than fails: there is no error to hand on")]
fn generate(bytes: &mut [u8]) {
    aws_lc_rs::rand::fill(bytes).expect("the generator of aws-lc answers");
}

impl dyn Entropy {
    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// `length` characters from `alphabet`, each as likely as the others.
    ///
    /// The alphabet has at most 256 characters of one byte each; an empty one gives an empty text.
    #[must_use]
    pub fn text(&self, alphabet: &[u8], length: usize) -> String {
        let size = alphabet.len().min(256);
        if size == 0 {
            return String::new();
        }
        // Bytes from `limit` on would make the first characters likelier than the last.
        let limit = 256 - 256 % size;
        let mut text = String::with_capacity(length);
        while text.len() < length {
            for byte in self.bytes::<32>() {
                if usize::from(byte) < limit && text.len() < length {
                    text.push(char::from(alphabet[usize::from(byte) % size]));
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_given_once() {
        let entropy: &dyn Entropy = &SystemEntropy;
        let given: std::collections::HashSet<[u8; 15]> = (0..1000).map(|_| entropy.bytes()).collect();
        assert_eq!(given.len(), 1000);
        assert!(!given.contains(&[0; 15]));
    }

    #[test]
    fn text_keeps_to_its_alphabet_and_length() {
        let entropy: &dyn Entropy = &SystemEntropy;
        let text = entropy.text(b"abc", 1000);
        assert_eq!(text.len(), 1000);
        for letter in ["a", "b", "c"] {
            assert!(text.matches(letter).count() > 200, "{letter} is rare in {text}");
        }
        assert_eq!(text.trim_matches(['a', 'b', 'c']), "");
        assert_eq!(entropy.text(b"", 5), "");
    }
}
