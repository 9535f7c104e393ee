//! The pages, by their addresses.

use super::part::Part;

/// A page of the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Home,
    SignIn,
    Webhooks,
    Create,
    Webhook {
        id: String,
    },
    WebhookTab {
        id: String,
        tab: String,
    },
    WebhookDelivery {
        id: String,
        delivery: String,
    },
    Deliveries,
    Delivery {
        delivery: String,
    },
    Inspector,
    Keys,
    Events,
    Event {
        id: String,
    },
    Logfiles,
    Tokens,
    Audit,
    Settings,
    /// Every component, for those who work on them: not in a release.
    #[cfg(debug_assertions)]
    Styleguide,
    NotFound,
}

impl Route {
    /// The page at a path, ended by `/` or not.
    pub(crate) fn recognize(path: &str) -> Self {
        let segments: Option<Vec<String>> = path.trim_matches('/').split('/').map(decoded).collect();
        let segments = segments.unwrap_or_default();
        let words: Vec<&str> = segments.iter().map(String::as_str).collect();
        match words.as_slice() {
            [""] => Self::Home,
            ["signin"] => Self::SignIn,
            ["webhooks"] => Self::Webhooks,
            ["webhooks", "new"] => Self::Create,
            ["webhooks", id] => Self::Webhook { id: (*id).into() },
            ["webhooks", id, tab] => Self::WebhookTab { id: (*id).into(), tab: (*tab).into() },
            ["webhooks", id, "deliveries", delivery] => {
                Self::WebhookDelivery { id: (*id).into(), delivery: (*delivery).into() }
            }
            ["deliveries"] => Self::Deliveries,
            ["deliveries", delivery] => Self::Delivery { delivery: (*delivery).into() },
            ["inspector"] => Self::Inspector,
            ["keys"] => Self::Keys,
            ["events"] => Self::Events,
            ["events", id] => Self::Event { id: (*id).into() },
            ["logfiles"] => Self::Logfiles,
            ["tokens"] => Self::Tokens,
            ["audit"] => Self::Audit,
            ["settings"] => Self::Settings,
            #[cfg(debug_assertions)]
            ["styleguide"] => Self::Styleguide,
            _ => Self::NotFound,
        }
    }

    /// Its path.
    pub(crate) fn to_path(&self) -> String {
        match self {
            Self::Home => path(&[]),
            Self::SignIn => path(&["signin"]),
            Self::Webhooks => path(&["webhooks"]),
            Self::Create => path(&["webhooks", "new"]),
            Self::Webhook { id } => path(&["webhooks", id]),
            Self::WebhookTab { id, tab } => path(&["webhooks", id, tab]),
            Self::WebhookDelivery { id, delivery } => path(&["webhooks", id, "deliveries", delivery]),
            Self::Deliveries => path(&["deliveries"]),
            Self::Delivery { delivery } => path(&["deliveries", delivery]),
            Self::Inspector => path(&["inspector"]),
            Self::Keys => path(&["keys"]),
            Self::Events => path(&["events"]),
            Self::Event { id } => path(&["events", id]),
            Self::Logfiles => path(&["logfiles"]),
            Self::Tokens => path(&["tokens"]),
            Self::Audit => path(&["audit"]),
            Self::Settings => path(&["settings"]),
            #[cfg(debug_assertions)]
            Self::Styleguide => path(&["styleguide"]),
            Self::NotFound => path(&["404"]),
        }
    }

    /// The module that draws it.
    pub(super) fn part(&self) -> Part {
        match self {
            Self::Home | Self::SignIn | Self::Webhooks | Self::Create | Self::NotFound => Part::First,
            Self::Webhook { .. }
            | Self::WebhookTab { .. }
            | Self::WebhookDelivery { .. }
            | Self::Deliveries
            | Self::Delivery { .. } => Part::Webhook,
            Self::Keys
            | Self::Events
            | Self::Event { .. }
            | Self::Logfiles
            | Self::Tokens
            | Self::Audit
            | Self::Settings => Part::Account,
            Self::Inspector => Part::Inspector,
            #[cfg(debug_assertions)]
            Self::Styleguide => Part::First,
        }
    }

    /// What stays the same while something opens beside or over a page: its scroll and its focus stay, too.
    pub(crate) fn page(&self) -> String {
        match self {
            Self::Home | Self::Webhooks | Self::Create => "webhooks".into(),
            Self::WebhookDelivery { id, .. } => Self::WebhookTab { id: id.clone(), tab: "deliveries".into() }.to_path(),
            Self::Deliveries | Self::Delivery { .. } => "deliveries".into(),
            Self::Events | Self::Event { .. } => "events".into(),
            other => other.to_path(),
        }
    }
}

fn path(segments: &[&str]) -> String {
    let mut out = String::new();
    for segment in segments {
        out.push('/');
        out.push_str(&crate::api::encoded(segment));
    }
    if out.is_empty() { "/".into() } else { out }
}

/// A segment of a path, its percent-encoding undone. `None` where that gives no text.
pub(super) fn decoded(segment: &str) -> Option<String> {
    let mut out = Vec::with_capacity(segment.len());
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
        out.push(if byte == b'%' { u8::try_from(digit()? * 16 + digit()?).ok()? } else { byte });
    }
    String::from_utf8(out).ok()
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
            Route::Webhook { id: "a/../b?c#d é%".into() },
            Route::WebhookTab { id: "wh_1".into(), tab: "test".into() },
            Route::WebhookDelivery { id: "wh_1".into(), delivery: "dlv_1".into() },
            Route::Delivery { delivery: "dlv_1".into() },
            Route::Inspector,
        ] {
            assert_eq!(Route::recognize(&route.to_path()), route);
        }
        assert_eq!(Route::recognize("/webhooks/"), Route::Webhooks);
        for path in ["/no/such/page/at/all", "/webhooks/%zz", "/webhooks/%", "/webhooks/%ff", "//", "/a//b"] {
            assert!(matches!(Route::recognize(path), Route::NotFound | Route::Home), "{path}");
        }
    }
}
