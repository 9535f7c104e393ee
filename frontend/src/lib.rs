//! The dashboard: everything that the REST API can do to a webhook, done and seen in a browser.
//!
//! It is built as several WebAssembly modules (`src/main.rs`, `src/bin/`), each of which takes from this library what
//! it draws, so that the first page is small.

mod api;
mod app;
mod components;
mod hooks;
mod i18n;
mod inspector;
mod pages;
#[cfg(test)]
mod tests;

/// Draws the dashboard into the page: the first module.
pub fn start() {
    app::start();
}

/// Draws the pages of a webhook and the deliveries into `root`, in the session given as JSON. The answer takes them away.
#[must_use]
pub fn mount_webhook(root: web_sys::Element, session: Option<&str>) -> js_sys::Function {
    app::mount_part(root, session, app::webhook_part)
}

/// Draws the keys and the like into `root`, as [`mount_webhook`] does.
#[must_use]
pub fn mount_account(root: web_sys::Element, session: Option<&str>) -> js_sys::Function {
    app::mount_part(root, session, app::account_part)
}

/// Draws the inspector into `root`, as [`mount_webhook`] does; a session it does without.
#[must_use]
pub fn mount_inspector(root: web_sys::Element, session: Option<&str>) -> js_sys::Function {
    app::mount_part(root, session, app::inspector_part)
}
