//! Code in a box, with a button that copies it.

use yew::prelude::*;

use super::CopyButton;

/// What stands in a code box.
#[derive(Clone, PartialEq)]
pub(crate) enum CodeText {
    /// Shown as it is.
    Plain(AttrValue),
    /// Shown in its own way; copied as the text.
    Shown { html: Html, text: AttrValue },
}

impl CodeText {
    fn text(&self) -> AttrValue {
        match self {
            Self::Plain(text) | Self::Shown { text, .. } => text.clone(),
        }
    }

    fn html(&self) -> Html {
        match self {
            Self::Plain(text) => html! { { text.clone() } },
            Self::Shown { html, .. } => html.clone(),
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct CodeProps {
    /// The line above.
    #[prop_or_default]
    pub(crate) head: Option<Html>,
    pub(crate) code: CodeText,
    /// What the button copies, in words.
    pub(crate) copy: AttrValue,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// What else stands in the head, before the button.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A box of code. Long lines wrap, so that nothing scrolls sideways.
#[component]
pub(crate) fn Code(props: &CodeProps) -> Html {
    html! {
        <div class={classes!("code", props.class.clone())}>
            if let Some(head) = props.head.clone() {
                <div class="code__head">
                    <span>{ head }</span>
                    <span class="row">
                        { props.children.clone() }
                        <CopyButton text={props.code.text()} label={props.copy.clone()} />
                    </span>
                </div>
            }
            <pre class="wrap">{ props.code.html() }</pre>
            if props.head.is_none() {
                <CopyButton text={props.code.text()} label={props.copy.clone()} class="code__copy" />
            }
        </div>
    }
}
