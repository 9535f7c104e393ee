//! The page of a webhook.

mod acts;
mod delete;
#[cfg(test)]
mod drawn;
mod figures;
mod history;
mod overview;
mod receiver;
mod settings;
mod test;
mod verification;

use std::rc::Rc;

use seinpost_protocol::rest::{ProblemType, Webhook as WebhookBody, WebhookStatus};
use yew::prelude::*;

use crate::{
    api::{Tagged, use_api},
    app::Route,
    components::{
        A, CopyButton, CopyId, ErrorNote, WebhookState, count_failing, split_url, url, webhook_state, webhook_status,
    },
    hooks::{use_poll, use_resource, use_title},
    i18n::{
        Language, Text,
        texts::{common, history as history_texts, webhook as texts, webhooks},
        use_language,
    },
    pages::{deliveries::Log, webhooks::type_name},
};
use acts::Acts;
pub(crate) use delete::DeleteWebhook;
use history::History;
use overview::Overview;
use receiver::Receiver;
use settings::Settings;
pub(in crate::pages) use settings::made_secret;
use test::TestTool;
use verification::Verification;

/// How often the webhook is asked for, in milliseconds.
const EVERY: u32 = 5000;

/// The tabs of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Overview,
    Verification,
    Deliveries,
    Test,
    Settings,
    History,
}

impl Tab {
    /// The name in the address.
    fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Verification => "verification",
            Self::Deliveries => "deliveries",
            Self::Test => "test",
            Self::Settings => "settings",
            Self::History => "history",
        }
    }

    fn text(self) -> &'static Text {
        match self {
            Self::Overview => &texts::OVERVIEW,
            Self::Verification => &texts::VERIFICATION,
            Self::Deliveries => &texts::DELIVERIES,
            Self::Test => &texts::TEST,
            Self::Settings => &texts::SETTINGS,
            Self::History => &history_texts::TITLE,
        }
    }

    /// The tabs that a webhook has: proving comes first, and is done once.
    fn all(status: WebhookStatus) -> &'static [Self] {
        if status == WebhookStatus::Unverified {
            &[Self::Verification, Self::Deliveries, Self::Test, Self::Settings, Self::History]
        } else {
            &[Self::Overview, Self::Deliveries, Self::Test, Self::Settings, Self::History]
        }
    }

    /// The tab of an address; the first one where the address names none that the webhook has.
    fn of(name: Option<&str>, status: WebhookStatus) -> Self {
        let all = Self::all(status);
        name.and_then(|name| all.iter().copied().find(|tab| tab.as_str() == name)).unwrap_or(all[0])
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct WebhookProps {
    pub(crate) id: String,
    #[prop_or_default]
    pub(crate) tab: Option<String>,
    /// The delivery that is open.
    #[prop_or_default]
    pub(crate) delivery: Option<String>,
}

/// The page of a webhook: its state and its tabs.
#[component]
pub(crate) fn Webhook(props: &WebhookProps) -> Html {
    let language = use_language();
    let api = use_api();
    let webhook = use_resource(props.id.clone(), move |id: &String| {
        let (api, id) = (api.clone(), id.clone());
        Box::pin(async move { api.webhook(&id).await })
    });
    use_poll(EVERY, true, webhook.refresh.clone());
    let title = webhook.data.as_ref().map(|webhook| {
        let (_, host, path) = split_url(&webhook.url);
        format!("{host}{path}")
    });
    use_title(title.unwrap_or_else(|| language.say(&webhooks::WEBHOOK).to_owned()));
    match (&webhook.data, &webhook.error) {
        (Some(data), error) => html! {
            <Loaded webhook={Rc::new(data.value.clone())} tag={data.tag.clone()} tab={Tab::of(props.tab.as_deref(), data.status)} delivery={props.delivery.clone()}
                changed={webhook.setter()} refresh={webhook.refresh.clone()} error={error.clone()} />
        },
        (None, Some(error)) if error.is(ProblemType::NotFound) => html! {
            <div class="empty">
                <h1 class="txl">{ language.say(&texts::GONE) }</h1>
                <p class="soft">{ language.say(&texts::GONE_MEANING) }</p>
                <A class="btn" to={Route::Webhooks}>{ language.say(&common::TO_WEBHOOKS) }</A>
            </div>
        },
        (None, Some(error)) => html! { <ErrorNote error={error.clone()} retry={webhook.refresh.clone()} /> },
        (None, None) => html! {
            <div class="stack" aria-busy="true">
                <span class="skel skel--60"></span><span class="skel skel--40"></span><span class="skel skel--80"></span>
            </div>
        },
    }
}

#[derive(Properties, PartialEq)]
struct LoadedProps {
    webhook: Rc<WebhookBody>,
    /// Stands for its settings.
    tag: Rc<str>,
    tab: Tab,
    #[prop_or_default]
    delivery: Option<String>,
    changed: Callback<Tagged<WebhookBody>>,
    refresh: Callback<()>,
    #[prop_or_default]
    error: Option<crate::api::ApiError>,
}

#[component]
fn Loaded(props: &LoadedProps) -> Html {
    let language = use_language();
    let webhook = &props.webhook;
    let (_, host, _) = split_url(&webhook.url);
    let seen = use_mut_ref(|| false);
    use_effect_with(webhook_state(webhook) == WebhookState::Failing, move |_| {
        if seen.replace(true) {
            count_failing();
        }
    });
    let tabs = use_node_ref();
    use_effect_with((props.tab, language), {
        let tabs = tabs.clone();
        move |_| show_current(&tabs)
    });
    let content = match props.tab {
        Tab::Overview => html! { <Overview webhook={webhook.clone()} /> },
        Tab::Verification => html! { <Verification webhook={webhook.clone()} refresh={props.refresh.clone()} /> },
        Tab::Deliveries => html! {
            <Log webhook={Some(webhook.id.clone())} webhooks={Rc::new(vec![(**webhook).clone()])} open={props.delivery.clone()} />
        },
        Tab::Test => html! {
            <div class="stack">
                <TestTool webhook={webhook.clone()} />
                if webhook.status != WebhookStatus::Unverified {
                    <Receiver id={webhook.id.clone()} />
                }
            </div>
        },
        Tab::History => html! { <History id={webhook.id.clone()} tag={props.tag.clone()} status={webhook.status} /> },
        Tab::Settings => {
            html! { <Settings webhook={webhook.clone()} tag={props.tag.clone()} changed={props.changed.clone()} refresh={props.refresh.clone()} /> }
        }
    };
    html! {
        <>
            <nav class="crumbs" aria-label={language.say(&texts::BREADCRUMB)}>
                <ol>
                    <li><A to={Route::Webhooks}>{ language.say(&webhooks::TITLE) }</A></li>
                    <li aria-current="page">{ host.to_owned() }</li>
                </ol>
            </nav>
            <div class="head">
                <div class="head__text">
                    <div class="headurl">
                        <h1 class="h1url">{ url(&webhook.url) }</h1>
                        <CopyButton text={webhook.url.clone()} label={language.say(&common::COPY_URL)} />
                    </div>
                    <div class="head__sub">
                        { webhook_status(language, webhook_state(webhook), true) }
                        <span>{ types(language, webhook) }</span>
                        <CopyId id={webhook.id.clone()} label={language.say(&texts::COPY_ID)} />
                    </div>
                </div>
                <Acts webhook={webhook.clone()} tab={props.tab} changed={props.changed.clone()} />
            </div>
            <nav class="tabs" ref={tabs} aria-label={language.say(&texts::THIS_WEBHOOK)}>
                { for Tab::all(webhook.status).iter().map(|tab| html! {
                    <A key={tab.as_str()} to={Route::WebhookTab { id: webhook.id.clone(), tab: tab.as_str().into() }}
                        current={(*tab == props.tab).then_some("page")}>{ language.say(tab.text()) }</A>
                }) }
            </nav>
            if let Some(error) = props.error.clone() {
                <ErrorNote {error} retry={props.refresh.clone()} />
            }
            { content }
        </>
    }
}

/// Scrolls a row of tabs that is too long for its screen to the current one.
fn show_current(tabs: &NodeRef) {
    let Some(row) = tabs.cast::<web_sys::Element>() else { return };
    let Ok(Some(tab)) = row.query_selector("[aria-current]") else { return };
    let (all, one) = (row.get_bounding_client_rect(), tab.get_bounding_client_rect());
    let off = (one.left() + one.right() - all.left() - all.right()) / 2.0;
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
    row.set_scroll_left(row.scroll_left().saturating_add(off as i32));
}

fn types(language: Language, webhook: &WebhookBody) -> String {
    webhook.types.as_slice().iter().map(|each| type_name(language, *each)).collect::<Vec<_>>().join(", ")
}

/// What people call the type of an event that was sent; its own name where it is none of mail, such as `webhook.disabled`.
pub(in crate::pages) fn type_words(language: Language, event_type: &str) -> String {
    event_type.parse().map_or_else(|_| event_type.to_owned(), |each| type_name(language, each).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_tab_that_the_webhook_has() {
        for (name, status, expected) in [
            (None, WebhookStatus::Active, Tab::Overview),
            (None, WebhookStatus::Unverified, Tab::Verification),
            (Some("verification"), WebhookStatus::Active, Tab::Overview),
            (Some("test"), WebhookStatus::Paused, Tab::Test),
            (Some("deliveries"), WebhookStatus::Unverified, Tab::Deliveries),
            (Some("no-such"), WebhookStatus::Disabled, Tab::Overview),
        ] {
            assert_eq!(Tab::of(name, status), expected);
        }
    }
}
