//! The body, byte by byte: hex beside text, with what one does not see marked.

#[cfg(test)]
mod drawn;

use yew::prelude::*;

use crate::{
    components::{Button, visible},
    i18n::{Language, texts::inspector as texts},
    inspector::{Answer, Difference, bytes_at},
};

/// How many bytes stand in a row.
const ROW: usize = 8;
/// How many bytes are shown at a time.
const WINDOW: usize = 128;

/// Where the body differs from what was signed, if that is known; and all of it, to leaf through.
pub(super) fn body_panel(language: Language, answer: &Answer, at: usize, turn: &Callback<usize>) -> Html {
    let Some(request) = answer.request.as_ref().filter(|request| request.bytes > 0) else { return Html::default() };
    let size = request.bytes;
    let at = at.min((size - 1) / WINDOW * WINDOW);
    let end = (at + WINDOW).min(size);
    let number = |number: usize| language.number(number as u64);
    let range =
        language.fill(&texts::BYTES_RANGE, &[("from", &number(at + 1)), ("to", &number(end)), ("size", &number(size))]);
    let button = |text, icon, to: Option<usize>| {
        let turn = turn.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(to) = to {
                turn.emit(to);
            }
        });
        html! { <Button class="btn--s" {icon} disabled={to.is_none()} {onclick}>{ language.say(text) }</Button> }
    };
    html! {
        <section class="panel" aria-labelledby="bytes-title">
            <div class="panel__head">
                <h2 id="bytes-title">{ language.say(if answer.signed.is_some() { &texts::BODY_DIFFERS } else { &texts::BODY }) }</h2>
                <span class="small soft">{ range }</span>
            </div>
            <div class="panel__body stack stack--tight">
                if let Some(difference) = &answer.signed {
                    { difference_view(language, difference, size) }
                }
                { hex(language.say(&texts::HEX), &rows(&bytes_at(at, WINDOW), at, None)) }
                if size > WINDOW {
                    <div class="row">
                        { button(&texts::EARLIER, "back", at.checked_sub(WINDOW)) }
                        { button(&texts::LATER, "down", Some(at + WINDOW).filter(|next| *next < size)) }
                    </div>
                }
            </div>
        </section>
    }
}

fn difference_view(language: Language, difference: &Difference, size: usize) -> Html {
    let number = |number: usize| language.number(number as u64);
    let side = |title, text: &str, class| {
        let bytes = from_hex(text);
        html! {
            <>
                <h3 class="h3">{ language.say(title) }</h3>
                { hex(language.say(title), &rows(&bytes, difference.start, Some((difference.offset, class)))) }
            </>
        }
    };
    html! {
        <>
            <p class="small">{ language.fill(&texts::FIRST_DIFFERENCE, &[
                ("n", &number(difference.offset + 1)), ("size", &number(size)), ("signed", &number(difference.length)),
            ]) }</p>
            { side(&texts::RECEIVED, &difference.received, "inv--bad") }
            { side(&texts::SIGNED, &difference.signed, "diff-a") }
        </>
    }
}

/// A row: its place, its bytes in hex, and each as text.
struct Row {
    at: usize,
    hex: Html,
    text: Html,
}

fn hex(label: &'static str, rows: &[Row]) -> Html {
    html! {
        <div class="hex" role="group" aria-label={label} tabindex="0">
            { for rows.iter().map(|row| html! {
                <><span class="faint">{ format!("{:04x}", row.at) }</span><span>{ row.hex.clone() }</span><span>{ row.text.clone() }</span></>
            }) }
        </div>
    }
}

/// The rows of some bytes, the first of which stands at `start`; one of them may be marked.
fn rows(bytes: &[u8], start: usize, mark: Option<(usize, &'static str)>) -> Vec<Row> {
    let characters = characters(bytes);
    let marked = |at: usize, html: Html| match mark {
        Some((place, class)) if place == at => html! { <span {class}>{ html }</span> },
        _ => html,
    };
    bytes
        .chunks(ROW)
        .enumerate()
        .map(|(row, chunk)| {
            let first = row * ROW;
            let each = |text: &dyn Fn(usize) -> Html| -> Html {
                (first..first + chunk.len()).map(|index| marked(start + index, text(index))).collect()
            };
            Row {
                at: start + first,
                hex: each(&|index| html! { { format!("{:02x} ", bytes[index]) } }),
                text: each(&|index| {
                    characters[index]
                        .as_deref()
                        .map_or_else(|| html! { <span class="faint">{ "·" }</span> }, visible_in_line)
                }),
            }
        })
        .collect()
}

/// A character with its mark where one does not see it; a line end does not break the row.
fn visible_in_line(text: &str) -> Html {
    if text == "\n" {
        html! { <span class="inv" title="U+000A">{ "↵" }</span> }
    } else {
        visible(text)
    }
}

/// What each byte begins as UTF-8; `None` for one that goes on, or is no text.
fn characters(bytes: &[u8]) -> Vec<Option<String>> {
    let mut out = vec![None; bytes.len()];
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for (index, c) in chunk.valid().char_indices() {
            if let Some(place) = out.get_mut(at + index) {
                *place = Some(c.to_string());
            }
        }
        at += chunk.valid().len() + chunk.invalid().len();
    }
    out
}

fn from_hex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_as_text() {
        assert_eq!(from_hex("0a7bff"), [10, 123, 255]);
        let found = characters("é\n".as_bytes());
        assert_eq!(found, [Some("é".to_owned()), None, Some("\n".to_owned())]);
        assert_eq!(characters(&[0xff, b'a', 0xc3]), [None, Some("a".to_owned()), None]);
    }
}
