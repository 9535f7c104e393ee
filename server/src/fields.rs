//! The header fields of one message, in one piece of memory: a delivery has some twenty of them, which are made on one
//! thread and given up on another, and each of two strings would be asked for and freed alone.

use std::fmt;

/// Header fields, in order. A name is text; a value is whatever came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Of each field the lengths of its name and its value, and both.
    bytes: Vec<u8>,
    number: usize,
}

/// How many bytes a length takes.
const LENGTH: usize = size_of::<u32>();

impl Fields {
    /// No fields, and room for so many bytes of names and values.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), number: 0 }
    }

    /// Adds a field at the end. What is longer than 4 GiB is cut; nothing that is sent or read is.
    pub fn push(&mut self, name: &str, value: &[u8]) {
        self.push_mapped(name, value, |_| ());
    }

    /// Adds a field under a name like `Content-Type`, whatever its case is here.
    pub fn push_in_title_case(&mut self, name: &str, value: &[u8]) {
        self.push_mapped(name, value, write_in_title_case);
    }

    /// Adds a field under its name in lower case.
    pub fn push_in_lower_case(&mut self, name: &str, value: &[u8]) {
        self.push_mapped(name, value, <[u8]>::make_ascii_lowercase);
    }

    /// `change` leaves a name as long as it is, and changes ASCII alone.
    fn push_mapped(&mut self, name: &str, value: &[u8], change: impl FnOnce(&mut [u8])) {
        let (name, value) = (cut(name.as_bytes()), cut(value));
        for part in [name, value] {
            self.bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        }
        let from = self.bytes.len();
        self.bytes.extend_from_slice(name);
        change(&mut self.bytes[from..]);
        self.bytes.extend_from_slice(value);
        self.number += 1;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.number
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.number == 0
    }

    /// How many bytes the names and the values have.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len() - 2 * LENGTH * self.number
    }

    /// Names and values, in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter { left: &self.bytes }
    }

    /// The first value under a name, in whatever case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.iter().find_map(|(each, value)| each.eq_ignore_ascii_case(name).then_some(value))
    }
}

/// Makes `content-type` `Content-Type`.
pub(crate) fn write_in_title_case(name: &mut [u8]) {
    let mut begins = true;
    for byte in name {
        if begins {
            byte.make_ascii_uppercase();
        }
        begins = *byte == b'-';
    }
}

/// As much as has a length that can be written.
fn cut(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(u32::MAX as usize)]
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, value)| (name, value.escape_ascii().to_string()))).finish()
    }
}

impl<'a> IntoIterator for &'a Fields {
    type Item = (&'a str, &'a [u8]);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut gathered = Self::default();
        for (name, value) in fields {
            gathered.push(name.as_ref(), value.as_ref());
        }
        gathered
    }
}

/// Goes through names and values.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    left: &'a [u8],
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, left) = self.left.split_first_chunk::<LENGTH>()?;
        let (value, left) = left.split_first_chunk::<LENGTH>()?;
        let (name, value) = (u32::from_le_bytes(*name) as usize, u32::from_le_bytes(*value) as usize);
        let (name, left) = left.split_at_checked(name)?;
        let (value, left) = left.split_at_checked(value)?;
        self.left = left;
        // It was a `str` when it was added.
        Some((std::str::from_utf8(name).unwrap_or_default(), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_in_order_and_as_they_were() {
        let given: [(&str, &[u8]); 4] = [("host", b"a"), ("", b""), ("x-\u{e9}", b"\xff\0"), ("host", &[b'v'; 70_000])];
        let fields: Fields = given.into_iter().collect();
        assert_eq!(fields.iter().collect::<Vec<_>>(), given);
        assert_eq!(
            (fields.len(), fields.is_empty(), fields.size(), Fields::default().is_empty()),
            (4, false, 70_015, true)
        );
        assert_eq!(
            (fields.get("HOST"), fields.get("X-\u{e9}"), fields.get("none")),
            (Some(&b"a"[..]), Some(&b"\xff\0"[..]), None)
        );
        assert_eq!(
            format!("{:?}", given[..3].iter().copied().collect::<Fields>()),
            r#"[("host", "a"), ("", ""), ("x-é", "\\xff\\x00")]"#
        );
    }

    #[test]
    fn names_are_written_in_either_case() {
        for (name, title, lower) in [
            ("x-copernica-id", "X-Copernica-Id", "x-copernica-id"),
            ("HOST", "HOST", "host"),
            ("x-", "X-", "x-"),
            ("-a--b", "-A--B", "-a--b"),
            ("\u{e9}-a", "\u{e9}-A", "\u{e9}-a"),
        ] {
            let mut fields = Fields::with_capacity(8);
            fields.push_in_title_case(name, b"1");
            fields.push_in_lower_case(name, b"2");
            assert_eq!(fields.iter().collect::<Vec<_>>(), [(title, &b"1"[..]), (lower, &b"2"[..])]);
        }
    }
}
