//! A signing string: its parts numbered and coloured, so that each can be tied to where it came from.

use yew::prelude::*;

use super::visible;

/// The class of the part with this index: there are eight colours.
pub(crate) fn tie(index: usize) -> String {
    format!("tie--{}", index % 8 + 1)
}

/// The parts of a signing string, a line each.
pub(crate) fn signing_string(text: &str) -> Html {
    html! {
        <ol class="sigstr">
            { for text.lines().enumerate().map(|(index, line)| {
                let (name, value) =
                    line.split_once(':').map_or(("", line), |(name, value)| (name, value.trim_start_matches(' ')));
                html! {
                    <li class={tie(index)} key={index}>
                        <span class="sigstr__n" aria-hidden="true">{ index + 1 }</span>
                        <span class="sigstr__v">
                            if !name.is_empty() {
                                <span class="soft">{ format!("{name}:") }</span>{ " " }
                            }
                            <span class={format!("tie {}", tie(index))} tabindex="0">{ visible(value) }</span>
                        </span>
                    </li>
                }
            }) }
        </ol>
    }
}
