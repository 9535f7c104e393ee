//! An address that is no page.

use yew::prelude::*;

use crate::{
    app::Route,
    components::A,
    hooks::use_title,
    i18n::{texts::shell as texts, use_language},
};

/// Says that there is no such page.
#[component]
pub(crate) fn NotFound() -> Html {
    let language = use_language();
    use_title(language.say(&texts::NO_PAGE).to_owned());
    html! {
        <div class="empty">
            <h1 class="txl">{ language.say(&texts::NO_PAGE) }</h1>
            <p class="soft">{ language.say(&texts::NO_PAGE_MEANING) }</p>
            <A class="btn" to={Route::Webhooks}>{ language.say(&texts::TO_WEBHOOKS) }</A>
        </div>
    }
}
