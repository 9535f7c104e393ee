//! JSON with its parts told apart. Nothing is parsed and written anew: every character that came is shown.

use yew::prelude::*;

use super::visible;

/// What a piece of JSON is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Text,
    Other,
    Space,
    Mark,
}

/// The pieces of a JSON text, in order; put together they are the text. What is no JSON comes out in some way too.
fn pieces(json: &str) -> Vec<(Kind, &str)> {
    let mut out = Vec::new();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            '"' => (Kind::Text, string_length(rest)),
            ' ' | '\t' | '\r' | '\n' => {
                (Kind::Space, rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len())
            }
            '{' | '}' | '[' | ']' | ',' | ':' => (Kind::Mark, 1),
            _ => (
                Kind::Other,
                rest.find(['{', '}', '[', ']', ',', ':', '"', ' ', '\t', '\r', '\n']).unwrap_or(rest.len()),
            ),
        };
        let (piece, after) = rest.split_at(length.max(first.len_utf8()));
        let kind = if kind == Kind::Text && after.trim_start().starts_with(':') { Kind::Name } else { kind };
        out.push((kind, piece));
        rest = after;
    }
    out
}

/// The length of the string at the beginning of a text, both quotation marks included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// JSON in colours, laid out with the space that stands in it.
pub(crate) fn json(text: &str) -> Html {
    coloured(text, |space| html! { { space.to_owned() } })
}

/// JSON in colours, byte for byte: the space between its pieces is marked, too.
pub(crate) fn raw_json(text: &str) -> Html {
    coloured(text, visible)
}

fn coloured(text: &str, space: fn(&str) -> Html) -> Html {
    pieces(text)
        .into_iter()
        .map(|(kind, piece)| match kind {
            Kind::Name => html! { <span class="hl-k">{ visible(piece) }</span> },
            Kind::Text => html! { <span class="hl-s">{ visible(piece) }</span> },
            Kind::Other => html! { <span class="hl-n">{ visible(piece) }</span> },
            Kind::Space => space(piece),
            Kind::Mark => html! { { piece.to_owned() } },
        })
        .collect()
}

/// JSON laid out a member a line. Only the space between its pieces changes.
pub(crate) fn laid_out(text: &str) -> String {
    let pieces: Vec<_> = pieces(text).into_iter().filter(|(kind, _)| *kind != Kind::Space).collect();
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    for (index, (_, piece)) in pieces.iter().enumerate() {
        let next = pieces.get(index + 1).map(|(_, piece)| *piece);
        let closes = matches!(next, Some("}" | "]"));
        match *piece {
            "{" | "[" => {
                out.push_str(piece);
                depth += 1;
                if !closes {
                    new_line(&mut out, depth);
                }
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                let empty = index > 0 && matches!(pieces[index - 1].1, "{" | "[");
                if !empty {
                    new_line(&mut out, depth);
                }
                out.push_str(piece);
            }
            "," => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            other => out.push_str(other),
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    // Deeper than anyone reads, the lines stay where they are: a hostile depth must not cost its square in memory.
    out.extend(std::iter::repeat_n("  ", depth.min(32)));
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"id":"7f","n":9007199254740993.10,"tags":["a:\"b\"",{}],"fields":{"x":null}}"#;

    #[test]
    fn pieces_put_together_are_the_text() {
        for text in [EVENT, "", "not json", "{\"a", "\u{feff}{\"é\": 1e400 }\r\n", "}}]],,::", "\"\\"] {
            assert_eq!(pieces(text).into_iter().map(|(_, piece)| piece).collect::<String>(), text);
        }
    }

    #[test]
    fn names_are_told_from_values() {
        let named: Vec<_> =
            pieces(EVENT).into_iter().filter(|(kind, _)| *kind == Kind::Name).map(|(_, text)| text).collect();
        assert_eq!(named, ["\"id\"", "\"n\"", "\"tags\"", "\"fields\"", "\"x\""]);
    }

    #[test]
    fn layout_changes_only_space() {
        let expected = "{\n  \"id\": \"7f\",\n  \"n\": 9007199254740993.10,\n  \"tags\": [\n    \"a:\\\"b\\\"\",\n    {}\n  ],\n  \"fields\": {\n    \"x\": null\n  }\n}";
        assert_eq!(laid_out(EVENT), expected);
        assert_eq!(laid_out(expected), expected);
    }

    #[test]
    fn a_hostile_depth_costs_no_square() {
        let deep = "[".repeat(100_000);
        assert!(laid_out(&deep).len() < 100_000 * 70);
    }
}
