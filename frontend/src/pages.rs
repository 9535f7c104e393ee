//! The pages, a file each.

mod deliveries;
mod inspector;
mod keys;
mod not_found;
mod sign_in;
mod signing_fields;
mod webhook;
mod webhooks;

pub(crate) use deliveries::Deliveries;
pub(crate) use inspector::Inspector;
pub(crate) use keys::Keys;
pub(crate) use not_found::NotFound;
pub(crate) use sign_in::SignIn;
pub(crate) use webhook::Webhook;
pub(crate) use webhooks::{CreateWebhook, Webhooks};
