//! What the keys do.

use yew::prelude::*;

use super::{Button, Modal};
use crate::i18n::{Text, texts::keyboard as texts, use_language};

#[derive(Properties, PartialEq)]
pub(crate) struct KeyboardHelpProps {
    pub(crate) onclose: Callback<()>,
}

/// A dialog that lists the keys.
#[component]
pub(crate) fn KeyboardHelp(props: &KeyboardHelpProps) -> Html {
    let language = use_language();
    let keys: [(&[&str], &'static Text); 11] = [
        (&["/"], &texts::SEARCH),
        (&["c"], &texts::CREATE),
        (&["g", "w"], &texts::GO_WEBHOOKS),
        (&["g", "d"], &texts::GO_DELIVERIES),
        (&["g", "i"], &texts::GO_INSPECTOR),
        (&["j", "k"], &texts::ROWS),
        (&["Enter"], &texts::OPEN),
        (&["Esc"], &texts::CLOSE),
        (&["p"], &texts::PAUSE),
        (&["Ctrl", "Enter"], &texts::SEND),
        (&["?"], &texts::HELP),
    ];
    let onclick = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <Modal class="dialog" labelled_by="keys-title" onclose={props.onclose.clone()}>
            <div class="dialog__body">
                <h2 id="keys-title">{ language.say(&texts::TITLE) }</h2>
                <dl class="kv">
                    { for keys.into_iter().map(|(keys, text)| html! {
                        <>
                            <dt>{ for keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{ " " }</> }) }</dt>
                            <dd>{ language.say(text) }</dd>
                        </>
                    }) }
                </dl>
                <p class="soft small">{ language.say(&texts::SILENT) }</p>
            </div>
            <div class="dialog__foot"><Button {onclick}>{ language.say(&texts::CLOSE_HELP) }</Button></div>
        </Modal>
    }
}
