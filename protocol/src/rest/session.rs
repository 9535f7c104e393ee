//! Signing in to the dashboard.

use serde::{Deserialize, Serialize};

use super::{Scope, Timestamp};

/// The body of `POST /v1/session`: the code of a one-time sign-in link, or an API token.
///
/// The answer sets an HttpOnly, SameSite=Strict cookie; for a link that is for a frame, one that is SameSite=None; Secure;
/// Partitioned, which belongs to the page around the frame alone. With it, every state-changing call must carry the header
/// `X-Seinpost-Session` with the value of [`Session::csrf`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    /// What stands in the link after `#code=`, or a token.
    pub code: String,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewSession { code: \"***\" }")
    }
}

/// The answer to `POST /v1/session` and `GET /v1/session`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// `ses_…`, as in the audit log.
    #[serde(default)]
    pub id: String,
    /// The environment that is managed.
    pub environment: u64,
    /// Its name.
    pub name: String,
    /// What state-changing calls carry in `X-Seinpost-Session`.
    pub csrf: String,
    /// When the session ends.
    pub expires: Timestamp,
    /// The domain under which this environment's keys are published.
    pub key_domain: String,
    /// After how many seconds a failed attempt is made again where a webhook has no schedule of its own: the server's `retry_schedule`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = json!([5, 300, 1800])))]
    pub retry_schedule: Vec<u32>,
    /// What may be done in it.
    pub scopes: Vec<Scope>,
    /// For whom the sign-in link was made, if that was said.
    #[serde(default)]
    pub person: Option<String>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("environment", &self.environment).finish_non_exhaustive()
    }
}

/// The body of `POST /v1/signin-links`: a link that lets somebody into the dashboard of the caller's environment, once.
///
/// A platform makes one for its customer, and sends the browser, or a frame in its own page, there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSigninLink {
    /// What may be done: at least one, and nothing that the link's maker may not do.
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub scopes: Vec<Scope>,
    /// For whom it is, as the audit log shows it: at most 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub person: Option<String>,
    /// For how many seconds the link can be used: 1 to 86400; 600 if left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 86400))]
    pub link_seconds: Option<u32>,
    /// For how many seconds the session lasts that it begins: 60 to 2592000; 43200 (12 hours) if left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 2592000))]
    pub session_seconds: Option<u32>,
    /// Whether it is for a frame in a page of another site: the session's cookie is partitioned then. Needs HTTPS,
    /// and is refused where no page may hold the dashboard in a frame (`frame_ancestors`).
    #[serde(default)]
    pub framed: bool,
}

/// The answer to `POST /v1/signin-links`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SigninLink {
    /// `lnk_…`, as in the audit log.
    pub id: String,
    /// The link; no other answer shows it.
    pub url: String,
    /// Until when it can be used.
    pub expires: Timestamp,
}

impl std::fmt::Debug for SigninLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigninLink").field("id", &self.id).field("expires", &self.expires).finish_non_exhaustive()
    }
}
