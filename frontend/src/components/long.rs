//! Text from elsewhere that may be as long as its sender likes.

#[cfg(test)]
mod drawn;

use yew::prelude::*;

use super::{json, raw_json, visible};
use crate::i18n::{texts::common as texts, use_language};

/// So much of a long text is shown at first, in bytes: a browser takes a millisecond to lay out some seven thousand, each
/// time that anything moves them.
const BEGINNING: usize = 8 * 1024;

#[derive(Properties, PartialEq)]
pub(crate) struct LongProps {
    pub(crate) text: AttrValue,
    /// It is JSON, to be shown in colours.
    #[prop_or_default]
    pub(crate) json: bool,
    /// The JSON is as it came: the space between its pieces is marked as any other.
    #[prop_or_default]
    pub(crate) raw: bool,
}

/// A text with the characters marked that one does not see (`visible`): its beginning, and all of it when asked for.
#[component]
pub(crate) fn Long(props: &LongProps) -> Html {
    let language = use_language();
    let whole = use_state_eq(|| false);
    let text = props.text.as_str();
    let show = match (props.json, props.raw) {
        (true, false) => json,
        (true, true) => raw_json,
        (false, _) => visible,
    };
    if text.len() <= BEGINNING {
        return show(text);
    }
    let onclick = {
        let whole = whole.clone();
        Callback::from(move |_: MouseEvent| whole.set(!*whole))
    };
    // One button in one place, so that it keeps the focus.
    let (shown, words) = if *whole {
        (show(text), language.say(&texts::SHOW_BEGINNING).to_owned())
    } else {
        let count = language.number(text.chars().count() as u64);
        (show(&text[..text.floor_char_boundary(BEGINNING)]), language.fill(&texts::SHOW_WHOLE, &[("n", &count)]))
    };
    html! {
        <>
            { shown }
            { if *whole { " " } else { "… " } }
            <button class="link" type="button" {onclick}>{ words }</button>
        </>
    }
}
