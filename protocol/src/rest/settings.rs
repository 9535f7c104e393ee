//! How the dashboard presents itself, and the environment that it shows.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The answer to `GET /v1/settings`, for which nobody needs to be signed in: the sign-in page looks like its platform, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// The name that stands in the dashboard instead of Seinpost; `null` if none is configured.
    pub name: Option<String>,
    /// Where the logo is, on this server: a path; `null` if none is configured.
    pub logo: Option<String>,
    /// The colour of links and chosen controls, as `#rrggbb`; `null` if none is configured.
    pub accent: Option<String>,
    /// Whether pages of other sites may hold the dashboard in a frame.
    pub framed: bool,
}

/// The answer to `GET /v1/environment`: the environment into which the token or the session leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Environment {
    /// Its number, as in `X-Copernica-ID: environment_N`.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// The domain under which its keys are published.
    pub key_domain: String,
    /// How many days events, deliveries and attempts are kept.
    pub retention_days: u32,
}

/// The body of `PATCH /v1/environment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnvironmentPatch {
    /// Its name: 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
}
