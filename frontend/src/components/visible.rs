//! Text from elsewhere, with the characters that one does not see marked.

use yew::prelude::*;

/// A text as a page shows it: as text, never as markup; control characters and invisible ones stand as marks with a
/// name. A line feed shows its mark and breaks the line.
pub(crate) fn visible(text: &str) -> Html {
    let mut out = Vec::new();
    let mut plain = String::new();
    for c in text.chars() {
        match mark_of(c) {
            None => plain.push(c),
            Some(mark) => {
                if !plain.is_empty() {
                    out.push(html! { { std::mem::take(&mut plain) } });
                }
                let title = format!("U+{:04X}", u32::from(c));
                out.push(html! { <span class="inv" {title}>{ mark }</span> });
                if c == '\n' {
                    plain.push('\n');
                }
            }
        }
    }
    if !plain.is_empty() {
        out.push(html! { { plain } });
    }
    out.into_iter().collect()
}

/// So much of a text stands in a row of a list, in bytes: a few lines.
const IN_A_ROW: usize = 200;

/// A text in a row of a list, of which what opens shows the rest: its beginning, with the characters marked that one does
/// not see.
pub(crate) fn glance(text: &str) -> Html {
    if text.len() <= IN_A_ROW {
        return visible(text);
    }
    html! { <>{ visible(&text[..text.floor_char_boundary(IN_A_ROW)]) }{ "…" }</> }
}

/// The mark for a character that one does not see; `None` for all others.
fn mark_of(c: char) -> Option<String> {
    match c {
        '\n' => Some("↵".into()),
        '\r' => Some("␍".into()),
        '\t' => Some("⇥".into()),
        // The control pictures stand in the order of the control characters.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\u{7f}' => Some("␡".into()),
        '\u{a0}' => Some("⍽".into()),
        '\u{feff}'
        | '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{2000}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}'
        | '\u{3000}'
        | '\u{3164}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some(format!("<{:04X}>", u32::from(c))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_have_marks() {
        for (c, mark) in [
            ('\n', "↵"),
            ('\0', "␀"),
            ('\u{1b}', "␛"),
            ('\u{200b}', "<200B>"),
            ('\u{202e}', "<202E>"),
            ('\u{feff}', "<FEFF>"),
            ('\u{e0041}', "<E0041>"),
        ] {
            assert_eq!(mark_of(c).as_deref(), Some(mark));
        }
        for c in ['a', ' ', 'é', '漢', '😀'] {
            assert_eq!(mark_of(c), None);
        }
    }
}
