//! The pages, a file each.

mod audit;
mod deliveries;
mod environment;
mod events;
mod inspector;
mod keys;
mod list;
mod logfiles;
mod not_found;
mod peer;
mod sign_in;
mod signing_fields;
#[cfg(debug_assertions)]
mod styleguide;
mod tokens;
mod webhook;
mod webhooks;

pub(crate) use audit::Audit;
pub(crate) use deliveries::Deliveries;
pub(crate) use environment::EnvironmentSettings;
pub(crate) use events::Events;
pub(crate) use inspector::Inspector;
pub(crate) use keys::Keys;
pub(crate) use logfiles::Logfiles;
pub(crate) use not_found::NotFound;
pub(crate) use sign_in::{SignIn, sign_in_again};
#[cfg(debug_assertions)]
pub(crate) use styleguide::Styleguide;
pub(crate) use tokens::Tokens;
pub(crate) use webhook::Webhook;
pub(crate) use webhooks::{CreateWebhook, Webhooks};
