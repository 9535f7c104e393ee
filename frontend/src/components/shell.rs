//! What every page stands in: the skip link, the mast with the navigation, the live region.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{A, Button, FailingCount, KeyboardHelp, LanguageLink, ThemeChoice, brand, icon};
use crate::{
    app::{Route, SessionContext, go, use_elsewhere, use_session},
    hooks::{Hotkey, focus, go_to_top, use_hotkeys},
    i18n::{Language, Text, texts::shell as texts, use_language},
};

#[derive(Properties, PartialEq)]
pub(crate) struct ShellProps {
    pub(crate) route: Route,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// The shell of a page.
#[component]
pub(crate) fn Shell(props: &ShellProps) -> Html {
    let language = use_language();
    let session = use_session();
    let menu_open = use_state_eq(|| false);
    let help_open = use_state_eq(|| false);
    use_focus_on_new_page(&props.route, &menu_open);
    use_navigation_keys(&help_open, &props.route);
    use_elsewhere(session.session());

    let toggle_menu = {
        let menu_open = menu_open.clone();
        Callback::from(move |_| menu_open.set(!*menu_open))
    };
    let set_help = |open: bool| {
        let help_open = help_open.clone();
        Callback::from(move |()| help_open.set(open))
    };
    html! {
        <>
            <a class="skip" href="#main" onclick={skip}>{ language.say(&texts::SKIP) }</a>
            <div class="shell">
                <header class="side" data-open={menu_open.then_some("")}>
                    <div class="side__top">
                        { brand() }
                        if session.session().is_some() && !session.connected {
                            { lost(language, "side__lost", &texts::NO_CONNECTION) }
                        }
                        <button
                            class="btn btn--s side__menu"
                            type="button"
                            aria-expanded={if *menu_open { "true" } else { "false" }}
                            aria-controls="fold"
                            onclick={toggle_menu}
                        >
                            { icon("menu") }{ language.say(&texts::MENU) }
                        </button>
                    </div>
                    <div class="side__fold" id="fold">
                        { environment(language, &session) }
                        { navigation(language, &props.route, session.session().is_some()) }
                        <div class="side__foot">
                            <div class="side__row">{ connection(language, &session) }<ThemeChoice /></div>
                            <div class="side__row">
                                <LanguageLink />
                                <span class="row">
                                    <Button class="btn--bare btn--s btn--icon" icon="help" label={language.say(&texts::KEYBOARD_HELP)}
                                        onclick={set_help(true).reform(|_: MouseEvent| ())} />
                                    if session.session().is_some() {
                                        <Button class="btn--bare btn--s btn--icon" icon="out" label={language.say(&texts::SIGN_OUT)}
                                            onclick={session.sign_out.reform(|_: MouseEvent| ())} />
                                    }
                                </span>
                            </div>
                        </div>
                    </div>
                </header>
                <main class="main" id="main" tabindex="-1">{ props.children.clone() }</main>
            </div>
            <p class="vh" id="live" role="status" aria-live="polite"></p>
            if *help_open {
                <KeyboardHelp onclose={set_help(false)} />
            }
        </>
    }
}

fn skip(event: MouseEvent) {
    event.prevent_default();
    focus("main");
}

fn environment(language: Language, session: &SessionContext) -> Html {
    match session.session() {
        Some(session) => html! {
            <p class="side__env" title={language.say(&texts::ENVIRONMENT)}>
                <span class="vh">{ language.say(&texts::ENVIRONMENT) }{ " " }</span>
                <span class="break">{ session.name.clone() }</span>
                <span class="faint">{ format!(" · {}", session.environment) }</span>
            </p>
        },
        None => Html::default(),
    }
}

fn navigation(language: Language, route: &Route, signed_in: bool) -> Html {
    let noted = |to: Route, text: &'static Text, note: Html| {
        let current = section(&to) == section(route);
        html! {
            <li><A class="post__link" {to} current={current.then_some("page")}>{ language.say(text) }{ note }</A></li>
        }
    };
    let link = |to: Route, text: &'static Text| noted(to, text, Html::default());
    html! {
        <nav class="post" aria-label={language.say(&texts::MAIN)}>
            if signed_in {
                <ul class="post__list">
                    { noted(Route::Webhooks, &texts::WEBHOOKS, html! { <FailingCount page={route.page()} /> }) }
                    { link(Route::Deliveries, &texts::DELIVERIES) }
                    { link(Route::Events, &texts::EVENTS) }
                    { link(Route::Logfiles, &texts::LOGFILES) }
                </ul>
            } else {
                <ul class="post__list">{ link(Route::SignIn, &texts::SIGN_IN) }</ul>
            }
            <ul class="post__list">{ link(Route::Inspector, &texts::INSPECTOR) }</ul>
            if signed_in {
                <ul class="post__list">
                    { link(Route::Keys, &texts::KEYS) }
                    { link(Route::Tokens, &texts::TOKENS) }
                    { link(Route::Audit, &texts::AUDIT) }
                    { link(Route::Settings, &texts::SETTINGS) }
                </ul>
            }
        </nav>
    }
}

/// Which arm of the mast a page belongs to.
fn section(route: &Route) -> &'static str {
    match route {
        Route::Home
        | Route::Webhooks
        | Route::Create
        | Route::Webhook { .. }
        | Route::WebhookTab { .. }
        | Route::WebhookDelivery { .. } => "webhooks",
        Route::Deliveries | Route::Delivery { .. } => "deliveries",
        Route::Inspector => "inspector",
        Route::Keys => "keys",
        Route::Events | Route::Event { .. } => "events",
        Route::Logfiles => "logfiles",
        Route::Tokens => "tokens",
        Route::Audit => "audit",
        Route::Settings => "settings",
        Route::SignIn => "signin",
        #[cfg(debug_assertions)]
        Route::Styleguide => "",
        Route::NotFound => "",
    }
}

fn connection(language: Language, session: &SessionContext) -> Html {
    if session.session().is_none() {
        return html! { <span></span> };
    }
    if session.connected {
        html! { <span class="live small soft"><span class="lamp lamp--lit"></span>{ language.say(&texts::CONNECTED) }</span> }
    } else {
        lost(language, "", &texts::NOT_CONNECTED)
    }
}

/// Says that there is no connection: in the bar of a narrow screen, where the rest is folded away, or in that. One of them
/// shows, and is an alert.
fn lost(language: Language, class: &'static str, text: &'static Text) -> Html {
    html! {
        <span class={classes!("live", "small", "bad", class)} role="alert"><span class="lamp lamp--off"></span>{ language.say(text) }</span>
    }
}

/// After a change of page the focus goes to its content; the menu of a narrow screen closes.
#[hook]
fn use_focus_on_new_page(route: &Route, menu_open: &UseStateHandle<bool>) {
    let first = use_mut_ref(|| true);
    let menu_open = menu_open.clone();
    use_effect_with(route.page(), move |_| {
        menu_open.set(false);
        if !first.replace(false) {
            go_to_top();
        }
    });
}

#[hook]
fn use_navigation_keys(help_open: &UseStateHandle<bool>, route: &Route) {
    // What is created on the page of the tokens is a token: that page says so itself.
    let is_tokens = *route == Route::Tokens;
    let go = |route: Route| move || go(&route);
    let help_open = help_open.clone();
    use_hotkeys(vec![
        Hotkey::new("/", || focus("q")),
        Hotkey::new("c", move || {
            if !is_tokens {
                self::go(&Route::Create);
            }
        }),
        Hotkey::new("g w", go(Route::Webhooks)),
        Hotkey::new("g d", go(Route::Deliveries)),
        Hotkey::new("g i", go(Route::Inspector)),
        Hotkey::new("g k", go(Route::Keys)),
        Hotkey::new("j", || step_rows(1)),
        Hotkey::new("k", || step_rows(-1)),
        Hotkey::new("?", move || help_open.set(true)),
    ]);
}

/// Moves the focus to the link of the next or the previous row: the first that it has, as the row is one stop.
fn step_rows(by: isize) {
    let Some(page) = web_sys::window().and_then(|window| window.document()) else { return };
    let Ok(found) = page.query_selector_all("main tbody tr:has(.tablelink)") else { return };
    let rows: Vec<web_sys::Element> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let active = page.active_element();
    let at = rows.iter().position(|row| row.contains(active.as_deref()));
    let next = match at {
        None if by > 0 => Some(0),
        None => rows.len().checked_sub(1),
        Some(at) => at.checked_add_signed(by),
    };
    let link = next.and_then(|next| rows.get(next)?.query_selector(".tablelink").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = link.focus();
    }
}
