//! Bytes to text.
//!
//! UTF-8, ASCII, ISO 8859-1 and windows-1252 are read here. The rest of the world's character sets cost more bytes than
//! all the rules together, so they are a [`Charsets`] that the caller has: `encoding_rs` with the feature `charsets`,
//! and in JavaScript the host's own `TextDecoder`.

/// A decoder of character sets.
pub trait Charsets {
    /// The text that `bytes` are in the character set that `label` names, or `None` if it isn't known here.
    ///
    /// `label` is what stood in the mail, in any case (`ISO-2022-JP`, `gb2312`, `koi8-r`). What is malformed becomes
    /// U+FFFD.
    fn decode(&self, label: &str, bytes: &[u8]) -> Option<String>;
}

/// No character sets but those that every caller has.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn;

impl Charsets for BuiltIn {
    fn decode(&self, _label: &str, _bytes: &[u8]) -> Option<String> {
        None
    }
}

/// The character sets of the Encoding standard, by `encoding_rs`.
#[cfg(feature = "charsets")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Standard;

#[cfg(feature = "charsets")]
impl Charsets for Standard {
    fn decode(&self, label: &str, bytes: &[u8]) -> Option<String> {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
        Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
    }
}

/// What windows-1252 puts at 0x80 to 0x9f.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn latin(bytes: &[u8]) -> String {
    let char_of = |&byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    bytes.iter().map(char_of).collect()
}

/// Whether a label names a set in which ASCII bytes may mean something else.
fn is_stateful(label: &str) -> bool {
    let starts = |prefix: &str| label.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    starts("iso-2022") || starts("csiso2022") || starts("utf-16") || starts("utf-7") || starts("hz")
}

/// Whether bytes of a set with this label can be taken as ASCII when no byte has its high bit set.
pub(super) fn is_plain(label: &str, bytes: &[u8]) -> bool {
    bytes.is_ascii() && (!is_stateful(label) || !bytes.contains(&0x1b) && !label.to_ascii_lowercase().starts_with('u'))
}

/// Decodes bytes of the set that `label` names; a set that nobody knows is taken for UTF-8, or else windows-1252.
pub(super) fn decode(label: &str, bytes: &[u8], charsets: &dyn Charsets) -> String {
    let known = ["us-ascii", "ascii", "utf-8", "utf8", ""];
    let is_utf8 = known.iter().any(|name| label.eq_ignore_ascii_case(name));
    if !is_utf8 {
        if ["iso-8859-1", "windows-1252", "latin1", "cp1252"].iter().any(|name| label.eq_ignore_ascii_case(name)) {
            return latin(bytes);
        }
        // No byte of ISO 2022 has its high bit set: the label is wrong, as it often is in Japanese notices.
        let label = match std::str::from_utf8(bytes) {
            Ok(text) if is_stateful(label) && !bytes.is_ascii() && !text.contains('\0') => return text.to_owned(),
            Err(_) if is_stateful(label) && label.len() > 9 && !label.to_ascii_lowercase().starts_with('u') => "euc-jp",
            _ => label,
        };
        if let Some(text) = charsets.decode(label, bytes) {
            return text;
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // A cut or a stray byte does not make a text of UTF-8 one of windows-1252.
        Err(error) if error.valid_up_to() + 4 > bytes.len() || label.eq_ignore_ascii_case("utf-8") => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        Err(_) => latin(bytes),
    }
}
