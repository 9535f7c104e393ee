//! The pasted request, with the parts that are signed in the colours of the signing string.

use yew::prelude::*;

use crate::components::{tie, visible};

/// What lies under the text field: the same characters, with the signed parts marked. `covered` are the names of the
/// signing string, in its order.
pub(super) fn highlight(raw: &str, covered: &[String]) -> Html {
    let (head, body) = match raw.find("\n\n") {
        Some(at) => raw.split_at(at),
        None => (raw, ""),
    };
    let number = |name: &str| covered.iter().position(|each| each.eq_ignore_ascii_case(name));
    let mut lines = head.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let mut current = None;
    html! {
        <>
            { request_line(first, number("(request-target)")) }
            { for lines.map(|line| field(line, &number, &mut current)) }
            { body_text(body) }
            // The last line of a text field has room for its caret.
            { "\n" }
        </>
    }
}

fn request_line(line: &str, number: Option<usize>) -> Html {
    let end = line.find(" HTTP/").unwrap_or(line.trim_end().len());
    let (signed, rest) = line.split_at(end);
    html! { <>{ part(signed, number) }{ rest.to_owned() }</> }
}

fn field(line: &str, number: &impl Fn(&str) -> Option<usize>, current: &mut Option<usize>) -> Html {
    if line.starts_with([' ', '\t']) {
        return part(line, *current);
    }
    let Some((name, value)) = line.split_once(':') else { return html! { { line.to_owned() } } };
    *current = number(name);
    let text = value.trim_start_matches(' ');
    let space = &value[..value.len() - text.len()];
    let inner = text.trim_end_matches(['\n', '\r']);
    html! {
        <>
            <span class="soft">{ format!("{name}:") }</span>{ space.to_owned() }{ part(inner, *current) }
            { text[inner.len()..].to_owned() }
        </>
    }
}

fn part(text: &str, number: Option<usize>) -> Html {
    match number {
        Some(number) if !text.is_empty() => {
            html! { <span class={format!("tie {}", tie(number))}>{ text.to_owned() }</span> }
        }
        _ => html! { { text.to_owned() } },
    }
}

/// The body as it stands; a line feed at its very end is marked, since it is the one that is lost or added most.
fn body_text(body: &str) -> Html {
    match body.strip_suffix('\n') {
        Some(rest) if body.len() > 2 => html! { <>{ rest.to_owned() }{ visible("\n") }</> },
        _ => html! { { body.to_owned() } },
    }
}
