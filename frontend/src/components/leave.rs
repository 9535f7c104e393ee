//! What asks before something that is not saved is left.

use yew::prelude::*;

use super::{Button, Modal};
use crate::{
    app::{go_to, use_leave_guard},
    i18n::{texts::settings as texts, use_language},
};

#[derive(Properties, PartialEq)]
pub(crate) struct LeaveGuardProps {
    /// The names of what is not saved; empty where there is nothing.
    pub(crate) changes: String,
}

/// Asks before the page is left with changes that are not saved.
#[component]
pub(crate) fn LeaveGuard(props: &LeaveGuardProps) -> Html {
    let language = use_language();
    let leaving = use_state_eq(|| None::<String>);
    let decided = leaving.is_some();
    use_leave_guard(!props.changes.is_empty() && !decided, {
        let leaving = leaving.clone();
        Callback::from(move |to: String| leaving.set(Some(to)))
    });
    let Some(to) = (*leaving).clone().filter(|_| !props.changes.is_empty()) else { return Html::default() };
    let stay = {
        let leaving = leaving.clone();
        Callback::from(move |()| leaving.set(None))
    };
    html! {
        <Modal class="dialog" labelled_by="leave-title" onclose={stay.clone()}>
            <div class="dialog__body">
                <h2 id="leave-title">{ language.say(&texts::LEAVE) }</h2>
                <p>{ language.say(&texts::LEAVE_MEANING) }{ " " }{ props.changes.clone() }</p>
            </div>
            <div class="dialog__foot">
                <Button onclick={stay.reform(|_: MouseEvent| ())}>{ language.say(&texts::LEAVE_NO) }</Button>
                <Button class="btn--danger" onclick={move |_: MouseEvent| go_to(&to)}>{ language.say(&texts::LEAVE_YES) }</Button>
            </div>
        </Modal>
    }
}
