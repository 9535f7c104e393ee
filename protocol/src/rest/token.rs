//! API tokens, and what they may do.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// What a token, a sign-in link or a session may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Hand in events.
    #[serde(rename = "events:write")]
    EventsWrite,
    /// See webhooks and keys.
    #[serde(rename = "webhooks:read")]
    WebhooksRead,
    /// Make, change, test and delete webhooks, and send deliveries once more. Includes `webhooks:read`.
    #[serde(rename = "webhooks:write")]
    WebhooksWrite,
    /// See deliveries, events, logfiles and figures.
    #[serde(rename = "deliveries:read")]
    DeliveriesRead,
    /// All of this, and tokens, sign-in links, keys, settings and the audit log.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::EventsWrite, Self::WebhooksRead, Self::WebhooksWrite, Self::DeliveriesRead, Self::Admin];

    /// The name in the API, on the command line and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EventsWrite => "events:write",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::DeliveriesRead => "deliveries:read",
            Self::Admin => "admin",
        }
    }

    /// Whether who has this scope may do what `needed` allows.
    #[must_use]
    pub fn includes(self, needed: Self) -> bool {
        self == needed || self == Self::Admin || (self == Self::WebhooksWrite && needed == Self::WebhooksRead)
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL.into_iter().find(|each| each.as_str() == text).ok_or(UnknownScope)
    }
}

/// A text that names no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownScope;

impl std::fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = Scope::ALL.map(Scope::as_str);
        write!(f, "a scope is one of {}", names.join(", "))
    }
}

impl std::error::Error for UnknownScope {}

/// A token, without itself: that is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// `tok_…`.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends; `null` if it does not end by itself.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the minute; `null` if it never was.
    pub last_used: Option<Timestamp>,
    /// Whether it is the one that makes this call.
    #[serde(default)]
    pub current: bool,
}

/// The body of `POST /v1/tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for: 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// What it may do: at least one, and nothing that its maker may not do.
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub scopes: Vec<Scope>,
    /// When it ends; `null` or left out: it does not end by itself.
    #[serde(default)]
    pub expires: Option<Timestamp>,
}

/// The answer to `POST /v1/tokens`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenCreated {
    /// The token that was made.
    #[serde(flatten)]
    pub about: Token,
    /// The token itself; no other answer shows it.
    pub token: String,
}

impl std::fmt::Debug for TokenCreated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenCreated").field("about", &self.about).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_as_they_are_written() {
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
            assert!(Scope::Admin.includes(scope));
            assert_eq!(scope.includes(Scope::Admin), scope == Scope::Admin);
        }
        assert!("webhooks:delete".parse::<Scope>().unwrap_err().to_string().contains("webhooks:write"));
        assert!(Scope::WebhooksWrite.includes(Scope::WebhooksRead));
        assert!(!Scope::WebhooksRead.includes(Scope::WebhooksWrite));
        assert!(!Scope::WebhooksWrite.includes(Scope::DeliveriesRead));
    }

    #[test]
    fn a_new_token_is_shown_with_what_it_is() {
        let about = Token {
            id: "tok_1".into(),
            name: "CRM".into(),
            scopes: vec![Scope::EventsWrite],
            created: Timestamp::from_millis(0),
            expires: None,
            last_used: None,
            current: false,
        };
        let created = TokenCreated { about, token: "seinpost_x".into() };
        let text = serde_json::to_string(&created).unwrap();
        assert!(text.starts_with(r#"{"id":"tok_1","name":"CRM","scopes":["events:write"],"#), "{text}");
        assert_eq!(serde_json::from_str::<TokenCreated>(&text).unwrap(), created);
        assert!(!format!("{created:?}").contains("seinpost_x"));
    }
}
