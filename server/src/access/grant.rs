//! What a caller may do, and where.

use seinpost_protocol::rest::{ActorKind, Scope};

use crate::store::{Actor, SessionRecord, TokenRecord};

/// What a token or a session gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The environment; nothing outside of it is seen or touched.
    pub environment: u64,
    /// What may be done there.
    pub scopes: Vec<Scope>,
    /// Who it is, for the audit log.
    pub actor: Actor,
    /// When it ends, in milliseconds since the Unix epoch.
    pub expires: Option<i64>,
    /// Whose calls are counted with its own: a session that a token began has no calls of its own besides the token's.
    pub counted_as: String,
}

impl Grant {
    /// Whether it is for what `needed` allows.
    #[must_use]
    pub fn allows(&self, needed: Scope) -> bool {
        self.scopes.iter().any(|scope| scope.includes(needed))
    }

    /// The first of `wanted` that it does not have itself, and so cannot hand on.
    #[must_use]
    pub fn lacks(&self, wanted: &[Scope]) -> Option<Scope> {
        wanted.iter().copied().find(|scope| !self.allows(*scope))
    }

    /// Whether it has ended at `now`.
    #[must_use]
    pub fn has_ended(&self, now: i64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl From<TokenRecord> for Grant {
    fn from(token: TokenRecord) -> Self {
        Self {
            counted_as: token.id.clone(),
            environment: token.environment,
            scopes: token.scopes,
            actor: Actor { kind: ActorKind::Token, id: Some(token.id), name: Some(token.name) },
            expires: token.expires,
        }
    }
}

impl From<SessionRecord> for Grant {
    fn from(session: SessionRecord) -> Self {
        Self {
            counted_as: session.token.unwrap_or_else(|| session.id.clone()),
            environment: session.environment,
            scopes: session.scopes,
            actor: Actor { kind: ActorKind::Session, id: Some(session.id), name: session.person },
            expires: Some(session.expires),
        }
    }
}
