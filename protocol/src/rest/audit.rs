//! The audit log: who changed what, and when.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Timestamp;

/// An entry of `GET /v1/audit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// `aud_…`.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What was done, for programs: `webhook.created`, `token.revoked`, and others of the form `OBJECT.DONE`.
    pub kind: String,
    /// Who did it.
    pub actor: AuditActor,
    /// To what.
    pub object: AuditObject,
    /// What is otherwise than before, without secrets.
    pub changes: Vec<AuditChange>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditActor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// A token's `tok_…` or a session's `ses_…`; `null` for the others.
    pub id: Option<String>,
    /// What the token was called, or for whom the sign-in link was made, if that was said.
    pub name: Option<String>,
}

/// Kinds of actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A program with a token.
    Token,
    /// Somebody in the dashboard.
    Session,
    /// Somebody at the server's command line.
    Cli,
    /// The server itself.
    Server,
}

impl ActorKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Token, Self::Session, Self::Cli, Self::Server];

    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Session => "session",
            Self::Cli => "cli",
            Self::Server => "server",
        }
    }
}

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditObject {
    /// `webhook`, `token`, `session`, `signin-link`, `key`, `delivery`, `replay` or `environment`.
    pub kind: String,
    /// Its id, as in the rest of the API.
    pub id: String,
    /// What people know it by: a webhook's URL, a token's name.
    pub name: Option<String>,
}

/// A field that is otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditChange {
    /// Its name in the REST API.
    pub field: String,
    /// What it was; `null` if it was not there. `"***"` stands for a secret.
    pub before: Option<Value>,
    /// What it is; `null` if it is no more. `"***"` stands for a secret.
    pub after: Option<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_actor_read_as_they_are_written() {
        for kind in ActorKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
