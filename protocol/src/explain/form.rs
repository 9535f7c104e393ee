//! Forms as other writers write them.

/// How a writer writes.
#[derive(Clone, Copy)]
pub(super) struct FormStyle {
    /// What stands for itself beside letters and digits.
    plain: &'static [u8],
    /// Whether a space is `+`, else `%20`.
    plus: bool,
}

/// The common writers: PHP and Seinpost, the WHATWG URL standard, RFC 3986 (as the package qs does), Python, and
/// JavaScript's `encodeURIComponent` with `+`.
pub(super) const STYLES: [FormStyle; 5] = [
    FormStyle { plain: b"-._", plus: true },
    FormStyle { plain: b"-._*", plus: true },
    FormStyle { plain: b"-._~", plus: false },
    FormStyle { plain: b"-._~", plus: true },
    FormStyle { plain: b"-._~!*'()", plus: true },
];

/// What is done about the brackets in names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// They are escaped like all else.
    Escaped,
    /// Numbers in them are left out: qs counts the items of a list.
    Unnumbered,
    /// As well, and they stand as they are.
    Plain,
}

impl Names {
    pub(super) const ALL: [Self; 3] = [Self::Escaped, Self::Unnumbered, Self::Plain];

    /// Whether a form may be another for it.
    pub(super) fn matter(self, body: &[u8]) -> bool {
        self == Self::Escaped || body.windows(3).any(|each| each.eq_ignore_ascii_case(b"%5B")) || body.contains(&b'[')
    }
}

impl FormStyle {
    /// Writes a form anew, field by field, in the order in which they came.
    pub(super) fn write(self, body: &[u8], names: Names) -> Vec<u8> {
        let mut out = Vec::with_capacity(body.len() + 64);
        for (index, field) in body.split(|byte| *byte == b'&').enumerate() {
            if index > 0 {
                out.push(b'&');
            }
            let mut parts = field.splitn(2, |byte| *byte == b'=');
            let name = decoded(parts.next().unwrap_or_default());
            let name = if names == Names::Escaped { name } else { unnumbered(&name) };
            self.encode(&mut out, &name, names == Names::Plain);
            if let Some(value) = parts.next() {
                out.push(b'=');
                self.encode(&mut out, &decoded(value), false);
            }
        }
        out
    }

    fn encode(self, out: &mut Vec<u8>, text: &[u8], brackets: bool) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        for byte in text {
            match byte {
                b' ' if self.plus => out.push(b'+'),
                b'[' | b']' if brackets => out.push(*byte),
                _ if byte.is_ascii_alphanumeric() || self.plain.contains(byte) => out.push(*byte),
                _ => {
                    out.push(b'%');
                    let digits = [byte >> 4, byte & 15];
                    out.extend(digits.iter().filter_map(|digit| DIGITS.get(usize::from(*digit))));
                }
            }
        }
    }
}

/// A name or a value; a `%` that begins no escape is itself.
fn decoded(text: &[u8]) -> Vec<u8> {
    let hex = |byte: &u8| char::from(*byte).to_digit(16);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        rest = after;
        out.push(match (byte, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    // Two hexadecimal digits make at most 255.
                    u8::try_from(high * 16 + low).unwrap_or_default()
                }
                _ => b'%',
            },
            _ => *byte,
        });
    }
    out
}

/// A name in which `[0]` is `[]`.
fn unnumbered(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name;
    while let [byte, after @ ..] = rest {
        out.push(*byte);
        rest = after;
        if *byte == b'[' {
            let digits = after.iter().take_while(|each| each.is_ascii_digit()).count();
            if after.get(digits) == Some(&b']') {
                rest = after.get(digits..).unwrap_or_default();
            }
        }
    }
    out
}
