//! The application: its routes, and what every page stands in.

mod crash;
mod providers;
mod session;

use yew::prelude::*;
use yew_router::prelude::*;

pub(crate) use providers::Providers;
pub(crate) use session::{SessionContext, SessionState, use_session};

use crate::{
    components::{ErrorNote, Shell},
    pages,
};

/// The pages, by their addresses.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    #[at("/")]
    Home,
    #[at("/signin")]
    SignIn,
    #[at("/webhooks")]
    Webhooks,
    #[at("/webhooks/new")]
    Create,
    #[at("/webhooks/:id")]
    Webhook { id: String },
    #[at("/webhooks/:id/:tab")]
    WebhookTab { id: String, tab: String },
    #[at("/webhooks/:id/deliveries/:delivery")]
    WebhookDelivery { id: String, delivery: String },
    #[at("/deliveries")]
    Deliveries,
    #[at("/deliveries/:delivery")]
    Delivery { delivery: String },
    #[at("/inspector")]
    Inspector,
    #[at("/keys")]
    Keys,
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    /// What stays the same while something opens beside or over a page: its scroll and its focus stay, too.
    pub(crate) fn page(&self) -> String {
        match self {
            Self::Home | Self::Webhooks | Self::Create => "webhooks".into(),
            Self::WebhookDelivery { id, .. } => Self::WebhookTab { id: id.clone(), tab: "deliveries".into() }.to_path(),
            Self::Deliveries | Self::Delivery { .. } => "deliveries".into(),
            other => other.to_path(),
        }
    }
}

/// Draws the application into the page.
pub(crate) fn start() {
    crash::show_panics();
    let root = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id("app"));
    if let Some(root) = root {
        yew::Renderer::<App>::with_root(root).render();
    }
}

#[component]
fn App() -> Html {
    html! {
        <BrowserRouter>
            <Providers>
                <Switch<Route> render={|route: Route| html! { <Page {route} /> }} />
            </Providers>
        </BrowserRouter>
    }
}

#[derive(Properties, PartialEq)]
struct PageProps {
    route: Route,
}

/// A page in its shell; or, where it needs a session and there is none, the way to get one.
#[component]
fn Page(props: &PageProps) -> Html {
    let session = use_session();
    let route = &props.route;
    let content = match route {
        Route::SignIn => return html! { <pages::SignIn /> },
        Route::Inspector => html! { <pages::Inspector /> },
        other => match &session.state {
            SessionState::SignedIn(_) => signed_in(other),
            SessionState::SignedOut { .. } => return html! { <pages::SignIn /> },
            SessionState::Unknown => Html::default(),
            SessionState::Unavailable(error) => {
                html! { <ErrorNote error={error.clone()} retry={session.again.clone()} /> }
            }
        },
    };
    html! { <Shell route={route.clone()}>{ content }</Shell> }
}

fn signed_in(route: &Route) -> Html {
    match route.clone() {
        Route::Home | Route::Webhooks => html! { <pages::Webhooks creating={false} /> },
        Route::Create => html! { <pages::Webhooks creating={true} /> },
        Route::Webhook { id } => html! { <pages::Webhook key={id.clone()} id={id.clone()} /> },
        Route::WebhookTab { id, tab } => html! { <pages::Webhook key={id.clone()} id={id.clone()} {tab} /> },
        Route::WebhookDelivery { id, delivery } => {
            html! { <pages::Webhook key={id.clone()} id={id.clone()} tab="deliveries" {delivery} /> }
        }
        Route::Deliveries => html! { <pages::Deliveries /> },
        Route::Delivery { delivery } => html! { <pages::Deliveries open={delivery} /> },
        Route::Keys => html! { <pages::Keys /> },
        Route::SignIn | Route::Inspector | Route::NotFound => html! { <pages::NotFound /> },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_beside_a_list_is_the_same_page() {
        let list = Route::WebhookTab { id: "wh_1".into(), tab: "deliveries".into() };
        let opened = Route::WebhookDelivery { id: "wh_1".into(), delivery: "dlv_1".into() };
        assert_eq!(list.page(), opened.page());
        assert_eq!(Route::Deliveries.page(), Route::Delivery { delivery: "dlv_1".into() }.page());
        assert_eq!(Route::Webhooks.page(), Route::Create.page());
        assert_ne!(list.page(), Route::WebhookTab { id: "wh_1".into(), tab: "test".into() }.page());
    }

    #[test]
    fn addresses_are_read_back() {
        for route in [
            Route::Home,
            Route::Create,
            Route::Webhook { id: "wh_1".into() },
            Route::WebhookTab { id: "wh_1".into(), tab: "test".into() },
            Route::WebhookDelivery { id: "wh_1".into(), delivery: "dlv_1".into() },
            Route::Delivery { delivery: "dlv_1".into() },
            Route::Inspector,
        ] {
            assert_eq!(Route::recognize(&route.to_path()), Some(route));
        }
        assert_eq!(Route::recognize("/no/such/page/at/all"), Some(Route::NotFound));
    }
}
