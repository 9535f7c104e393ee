//! The application: its pages by their addresses, and what every page stands in.

mod crash;
mod elsewhere;
pub(crate) mod event;
mod location;
mod part;
mod providers;
mod query;
mod route;
mod session;

use yew::prelude::*;

pub(crate) use elsewhere::use_elsewhere;
pub(crate) use location::{
    Location, LocationProvider, go, go_to, replace, replace_query, use_leave_guard, use_location,
};
pub(crate) use part::{Outlet, Part, mount_part};
#[cfg(all(test, target_arch = "wasm32"))]
pub(crate) use providers::PartProviders;
pub(crate) use providers::Providers;
pub(crate) use query::{query_value, to_query};
pub(crate) use route::Route;
pub(crate) use session::{SESSION_CHANGED, SessionContext, SessionState, use_session};

use crate::{
    components::{self, Shell},
    i18n::use_language,
    pages,
};
use part::without_session;

/// Draws the application into the page.
pub(crate) fn start() {
    crash::show_panics();
    components::keep_brand();
    let root = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id("app"));
    if let Some(root) = root {
        yew::Renderer::<App>::with_root(root).render();
    }
}

#[component]
fn App() -> Html {
    html! { <LocationProvider first={true}><Providers><Page /></Providers></LocationProvider> }
}

/// A page in its shell; or, where it needs a session and there is none, the way to get one.
#[component]
fn Page() -> Html {
    let session = use_session();
    let language = use_language();
    let Location { route, .. } = use_location();
    let content = match (&route, &session.state) {
        #[cfg(debug_assertions)]
        (Route::Styleguide, _) => html! { <pages::Styleguide /> },
        (Route::SignIn, _) | (_, SessionState::SignedOut) if route != Route::Inspector => {
            return html! { <pages::SignIn /> };
        }
        (Route::Inspector, _) | (_, SessionState::SignedIn(_)) => match route.part() {
            Part::First => first(&route),
            part => html! { <Outlet key={part.name()} {part} /> },
        },
        (_, state) => without_session(state, &session.again),
    };
    let again = session.ended && route != Route::Inspector;
    html! {
        <>
            <Shell {route}>{ content }</Shell>
            if again {
                { pages::sign_in_again(language) }
            }
        </>
    }
}

/// The pages of the first part.
fn first(route: &Route) -> Html {
    match route {
        Route::Home | Route::Webhooks => html! { <pages::Webhooks creating={false} /> },
        Route::Create => html! { <pages::Webhooks creating={true} /> },
        _ => html! { <pages::NotFound /> },
    }
}

/// The pages of the part with a webhook and deliveries.
pub(crate) fn webhook_part(route: &Route) -> Html {
    match route.clone() {
        // It lies over the list, which the first part draws.
        Route::Create => html! { <pages::CreateWebhook /> },
        Route::Webhook { id } => html! { <pages::Webhook key={id.clone()} id={id.clone()} /> },
        Route::WebhookTab { id, tab } => html! { <pages::Webhook key={id.clone()} id={id.clone()} {tab} /> },
        Route::WebhookDelivery { id, delivery } => {
            html! { <pages::Webhook key={id.clone()} id={id.clone()} tab="deliveries" {delivery} /> }
        }
        Route::Deliveries => html! { <pages::Deliveries /> },
        Route::Delivery { delivery } => html! { <pages::Deliveries open={delivery} /> },
        // It is about to be another part's turn.
        _ => Html::default(),
    }
}

/// The pages of the part with keys and the like.
pub(crate) fn account_part(route: &Route) -> Html {
    match route {
        Route::Keys => html! { <pages::Keys /> },
        Route::Events => html! { <pages::Events /> },
        Route::Event { id } => html! { <pages::Events open={id.clone()} /> },
        Route::Logfiles => html! { <pages::Logfiles /> },
        Route::Tokens => html! { <pages::Tokens /> },
        Route::Audit => html! { <pages::Audit /> },
        Route::Settings => html! { <pages::EnvironmentSettings /> },
        _ => Html::default(),
    }
}

/// The page of the part with the inspector.
pub(crate) fn inspector_part(_: &Route) -> Html {
    // Whatever the address: as a page of its own it stands anywhere.
    html! { <pages::Inspector /> }
}
