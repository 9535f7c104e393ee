//! The dashboard: everything that the REST API can do to a webhook, done and seen in a browser.

mod api;
mod app;
mod components;
mod hooks;
mod i18n;
mod inspector;
mod pages;

fn main() {
    app::start();
}
