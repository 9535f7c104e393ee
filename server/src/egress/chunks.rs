//! A body in chunks (RFC 9112, section 7.1), as it comes in.

/// How long the line that says how long a chunk is may be, with all its extensions.
const LONGEST_LINE: usize = 256;

/// How long a line of the trailer may be: each is looked through again from its beginning whenever a byte of it comes.
const LONGEST_FIELD: usize = 8192;

/// What comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// The line with the length of a chunk.
    #[default]
    Length,
    /// So many bytes of a chunk.
    Data(u64),
    /// The end of the line after a chunk.
    End,
    /// Fields after the last chunk, which nobody asked for, and the empty line after them.
    Trailer,
}

/// Takes a body in chunks apart.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    next: Next,
}

impl Chunks {
    /// Whether more of the body is to come, as far as is known: the end of a chunk, or of all of them, is none of it.
    pub(super) const fn holds_more(&self) -> bool {
        matches!(self.next, Next::Data(1..))
    }

    /// Reads what it can of `bytes` into `body`, until that has `room` bytes. How many bytes were used, and whether the
    /// body has ended.
    ///
    /// # Errors
    /// Says what is wrong.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        body: &mut Vec<u8>,
        room: usize,
    ) -> Result<(usize, bool), &'static str> {
        let mut rest = bytes;
        loop {
            match self.next {
                Next::Data(0) => self.next = Next::End,
                Next::Data(length) => {
                    let there = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
                    let taken = there.min(room.saturating_sub(body.len()));
                    body.extend_from_slice(&rest[..taken]);
                    rest = &rest[taken..];
                    self.next = Next::Data(length - taken as u64);
                    if taken == 0 {
                        return Ok((bytes.len() - rest.len(), false));
                    }
                }
                Next::Length | Next::End | Next::Trailer => {
                    let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
                        match self.next {
                            Next::Trailer if rest.len() > LONGEST_FIELD => return Err("a trailer that does not end"),
                            Next::Length | Next::End if rest.len() > LONGEST_LINE => {
                                return Err("a chunk whose length does not end");
                            }
                            _ => {}
                        }
                        return Ok((bytes.len() - rest.len(), false));
                    };
                    let line = &rest[..end];
                    let line = line.strip_suffix(b"\r").unwrap_or(line);
                    rest = &rest[end + 1..];
                    match self.next {
                        Next::Length => {
                            self.next = match length(line).ok_or("a chunk without a length")? {
                                0 => Next::Trailer,
                                length => Next::Data(length),
                            }
                        }
                        Next::End if line.is_empty() => self.next = Next::Length,
                        Next::End => return Err("a chunk that is longer than it says"),
                        _ if line.is_empty() => return Ok((bytes.len() - rest.len(), true)),
                        _ => {}
                    }
                }
            }
        }
    }
}

/// The length that a line says: hexadecimal, and extensions after a semicolon.
fn length(line: &[u8]) -> Option<u64> {
    if line.len() > LONGEST_LINE {
        return None;
    }
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `bytes`, so many at a time; the body, and whether it ended and how many bytes were left then.
    fn read(bytes: &[u8], step: usize) -> Result<(Vec<u8>, Option<usize>), &'static str> {
        let (mut chunks, mut body, mut unread) = (Chunks::default(), Vec::new(), Vec::new());
        for (number, part) in bytes.chunks(step).enumerate() {
            unread.extend_from_slice(part);
            let (used, ended) = chunks.read(&unread, &mut body, 1000)?;
            unread.drain(..used);
            if ended {
                let later = bytes.len() - bytes.len().min((number + 1) * step);
                return Ok((body, Some(unread.len() + later)));
            }
        }
        Ok((body, None))
    }

    #[test]
    fn chunks_are_put_together_however_they_come() {
        let bytes = b"3\r\nabc\r\n000A;name=\"value\"\r\n0123456789\r\n0\r\nExpires: never\r\n\r\nHTTP";
        for step in 1..bytes.len() {
            assert_eq!(read(bytes, step), Ok((b"abc0123456789".to_vec(), Some(4))), "{step}");
        }
        assert_eq!(read(b"3\r\nab", 2), Ok((b"ab".to_vec(), None)));
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for wrong in [
            &b"x\r\n"[..],
            b"\r\n",
            b"-1\r\n",
            b"+1\r\na\r\n0\r\n\r\n",
            b"0x1\r\n",
            b"1\r\nab\r\n",
            b"11111111111111111\r\n",
            &[b'1'; 300],
        ] {
            assert!(read(wrong, 7).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn a_trailer_without_end_is_not_looked_through_for_ever() {
        let trailer = |length| [b"0\r\n".to_vec(), vec![b'x'; length]].concat();
        assert_eq!(read(&trailer(LONGEST_FIELD), 4096), Ok((Vec::new(), None)));
        assert_eq!(read(&trailer(LONGEST_FIELD + 1), 4096), Err("a trailer that does not end"));
        let fields = [b"0\r\n".to_vec(), b"X: y\r\n".repeat(5000), b"\r\n".to_vec()].concat();
        assert_eq!(
            read(&fields, 4096),
            Ok((Vec::new(), Some(0))),
            "many short ones are bounded by what is read in all"
        );
    }

    #[test]
    fn no_more_is_read_than_there_is_room_for() {
        let (mut chunks, mut body) = (Chunks::default(), Vec::new());
        assert_eq!(chunks.read(b"ffffffffffffffff\r\nabcdef", &mut body, 4), Ok((22, false)));
        assert_eq!(body, b"abcd");
    }
}
