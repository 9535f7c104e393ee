//! Signing in to the dashboard.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The body of `POST /v1/session`: the code of a one-time sign-in link, or an API token.
///
/// The answer sets an HttpOnly, SameSite=Strict cookie. With it, every state-changing call must carry the header
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
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("environment", &self.environment).finish_non_exhaustive()
    }
}
