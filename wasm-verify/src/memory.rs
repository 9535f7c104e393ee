//! The two buffers by which JavaScript and this module exchange bytes.
//!
//! The input buffer is written by JavaScript, the output buffer by this module. An answer is words (32 bits, little
//! endian) and then bytes: word 0 is a status, words 1 and 2 are where the bytes stand and how many there are.

use std::cell::RefCell;

/// An input buffer larger than this is given back once a smaller one will do.
const KEPT_BYTES: usize = 1 << 20;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static OUTPUT: RefCell<Output> = const { RefCell::new(Output { words: Vec::new(), bytes: Vec::new() }) };
}

/// The answer to a call.
pub(crate) struct Output {
    words: Vec<u32>,
    bytes: Vec<u8>,
}

impl Output {
    /// Adds a word.
    pub(crate) fn word(&mut self, word: u32) {
        self.words.push(word);
    }

    /// Adds bytes; the two words that say where they stand and how many they are.
    #[inline(never)]
    pub(crate) fn span(&mut self, bytes: &[u8]) {
        self.words.push(offset(self.bytes.len()));
        self.words.push(offset(bytes.len()));
        self.bytes.extend_from_slice(bytes);
    }

    /// As [`Self::span`], of several parts that become one.
    pub(crate) fn joined(&mut self, parts: &[&[u8]]) {
        self.words.push(offset(self.bytes.len()));
        self.words.push(offset(parts.iter().map(|part| part.len()).sum()));
        for part in parts {
            self.bytes.extend_from_slice(part);
        }
    }

    /// An answer of a status and some bytes.
    pub(crate) fn answer(&mut self, status: u32, bytes: &[u8]) {
        self.word(status);
        self.span(bytes);
    }
}

/// A length in this module's memory always fits 32 bits on the target it is built for.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Makes room and tells its address.
pub(crate) fn reserve(length: usize) -> usize {
    INPUT.with_borrow_mut(|input| {
        if input.len() < length {
            input.resize(length.next_power_of_two(), 0);
        } else if input.len() > KEPT_BYTES && length <= KEPT_BYTES {
            input.truncate(KEPT_BYTES);
            input.shrink_to_fit();
        }
        input.as_ptr() as usize
    })
}

/// Gives the input to a function that answers with a number.
pub(crate) fn ask<T>(length: usize, run: impl FnOnce(&[u8]) -> T) -> T {
    INPUT.with_borrow(|input| run(input.get(..length).unwrap_or_default()))
}

/// Gives the input to a function and tells the address of the answer: the number of words, the words, the address of
/// the bytes in the second place.
pub(crate) fn with(length: usize, run: impl FnOnce(&[u8], &mut Output)) -> usize {
    INPUT.with_borrow(|input| {
        OUTPUT.with_borrow_mut(|output| {
            output.words.clear();
            output.bytes.clear();
            // Filled in last, when the bytes no longer move.
            output.words.push(0);
            run(input.get(..length).unwrap_or_default(), output);
            let address = offset(output.bytes.as_ptr() as usize);
            if let Some(first) = output.words.first_mut() {
                *first = address;
            }
            output.words.as_ptr() as usize
        })
    })
}
