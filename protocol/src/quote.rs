//! Text that came from outside, in quotes, for the sentences that people read.

/// A text in double quotes: at most 200 characters of it, control characters and what could be taken for the end
/// escaped. (`{:?}` does as much, but brings the tables of every printable character along.)
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(200) + 2);
    out.push('"');
    for (count, each) in text.chars().enumerate() {
        if count == 200 {
            out.push('…');
            break;
        }
        match each {
            '"' | '\\' => out.extend(['\\', each]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            each if each.is_control()
                || matches!(each, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') =>
            {
                // Invisible, or able to turn the line around.
                out.push_str("\\u{");
                let code = u32::from(each);
                for place in (0..6).rev() {
                    let digit = code >> (4 * place) & 15;
                    if digit > 0 || code >> (4 * place) > 0 || place == 0 {
                        out.push(char::from_digit(digit, 16).unwrap_or('0'));
                    }
                }
                out.push('}');
            }
            each => out.push(each),
        }
    }
    out.push('"');
    out
}

/// At most so many characters of a text, from its beginning.
#[inline(never)]
pub(crate) fn start(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Several texts, with commas between them.
pub(crate) fn listed(texts: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(text.as_ref());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{quoted, start};

    #[test]
    fn a_text_is_cut_between_its_characters() {
        assert_eq!(start("añb", 2), "añ");
        assert_eq!(start("añb", 3), "añb");
        assert_eq!(start("", 3), "");
    }

    #[test]
    fn what_could_mislead_is_escaped() {
        assert_eq!(quoted("a\"b\\c\n\u{0}\u{202e}é"), "\"a\\\"b\\\\c\\n\\u{0}\\u{202e}é\"");
        assert_eq!(quoted(&"x".repeat(500)).chars().count(), 203);
    }
}
