//! The pasted request, with the parts that are signed in the colours of the signing string.

#[cfg(test)]
mod drawn;

use yew::prelude::*;

use crate::components::{tie, visible};

/// The parts of RFC 9421 (§2.2) that are taken from all of a target.
const OF_TARGET: [&str; 3] = ["@target-uri", "@request-target", "@scheme"];

/// The names of the signing string, in its order.
struct Covered<'a>(&'a [String]);

impl Covered<'_> {
    /// The classes of what is signed under any of these names; `None` for what is not signed.
    fn tie(&self, names: &[&str]) -> Option<String> {
        let is_meant = |each: &str| names.iter().any(|name| each.eq_ignore_ascii_case(name));
        let ties = self.0.iter().enumerate().filter(|(_, each)| is_meant(each)).map(|(index, _)| tie(index));
        let ties = ties.collect::<Vec<_>>().join(" ");
        (!ties.is_empty()).then(|| format!("tie {ties}"))
    }
}

/// What lies under the text field: the same characters, with the signed parts marked. `covered` are the names of the
/// signing string, in its order.
pub(super) fn highlight(raw: &str, covered: &[String]) -> Html {
    let (head, body) = match raw.find("\n\n") {
        Some(at) => raw.split_at(at),
        None => (raw, ""),
    };
    let covered = Covered(covered);
    let mut lines = head.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let mut current = None;
    html! {
        <>
            { request_line(first, &covered) }
            { for lines.map(|line| field(line, &covered, &mut current)) }
            { body_text(body) }
            // The last line of a text field has room for its caret.
            { "\n" }
        </>
    }
}

fn request_line(line: &str, covered: &Covered<'_>) -> Html {
    let end = line.find(" HTTP/").unwrap_or(line.trim_end().len());
    let (signed, rest) = line.split_at(end);
    let whole = covered.tie(&["(request-target)"]);
    if whole.is_some() {
        return html! { <>{ part(signed, whole) }{ rest.to_owned() }</> };
    }
    let (method, target) = signed.split_at(signed.find(' ').unwrap_or(signed.len()));
    let bare = target.trim_start_matches(' ');
    let space = &target[..target.len() - bare.len()];
    let (path, query) = bare.split_at(bare.find('?').unwrap_or(bare.len()));
    let of_target = |own: &str| covered.tie(&[OF_TARGET.as_slice(), &[own]].concat());
    let (of_path, of_query) = (of_target("@path"), of_target("@query"));
    html! {
        <>
            { part(method, covered.tie(&["@method"])) }{ space.to_owned() }
            if of_path == of_query {
                { part(bare, of_path) }
            } else {
                { part(path, of_path) }{ part(query, of_query) }
            }
            { rest.to_owned() }
        </>
    }
}

fn field(line: &str, covered: &Covered<'_>, current: &mut Option<String>) -> Html {
    if line.starts_with([' ', '\t']) {
        return part(line, current.clone());
    }
    let Some((name, value)) = line.split_once(':') else { return html! { { line.to_owned() } } };
    *current = covered.tie(&[&[name], derived_from(name)].concat());
    let text = value.trim_start_matches(' ');
    let space = &value[..value.len() - text.len()];
    let inner = text.trim_end_matches(['\n', '\r']);
    html! {
        <>
            <span class="soft">{ format!("{name}:") }</span>{ space.to_owned() }{ part(inner, current.clone()) }
            { text[inner.len()..].to_owned() }
        </>
    }
}

/// The parts of RFC 9421 that are taken from a header field.
fn derived_from(field: &str) -> &'static [&'static str] {
    match field.to_ascii_lowercase().as_str() {
        "host" => &["@authority", "@target-uri"],
        "signature-input" => &["@signature-params"],
        _ => &[],
    }
}

fn part(text: &str, class: Option<String>) -> Html {
    match class {
        Some(class) if !text.is_empty() => html! { <span {class}>{ text.to_owned() }</span> },
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
