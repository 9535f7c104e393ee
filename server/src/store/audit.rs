//! Who changes what: the actor of a change, and the entries of the audit log.
//!
//! Every change in the store writes its entry in its own transaction. Who makes it is known where a call comes in, and is
//! carried to the store by the task ([`acting`]), so that no change can be made without saying who by forgetting an argument.

use std::fmt;

use seinpost_protocol::rest::{ActorKind, AuditChange};

tokio::task_local! {
    static ACTOR: Actor;
}

/// Who changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What kind.
    pub kind: ActorKind,
    /// `tok_…` or `ses_…`.
    pub id: Option<String>,
    /// The token's name, or for whom the sign-in link was made.
    pub name: Option<String>,
}

impl Actor {
    /// The server itself.
    pub const SERVER: Self = Self { kind: ActorKind::Server, id: None, name: None };
    /// Somebody at the command line.
    pub const CLI: Self = Self { kind: ActorKind::Cli, id: None, name: None };

    /// What people know them by, else the id; nothing of the server itself and of the command line.
    pub(super) fn named(&self) -> Option<String> {
        self.name.clone().or_else(|| self.id.clone())
    }
}

/// Runs `future`; what it changes in the store is changed by `actor`. Tasks that it spawns are the server's own.
pub async fn acting<T>(actor: Actor, future: impl Future<Output = T>) -> T {
    ACTOR.scope(actor, future).await
}

/// Who acts in this task: the server itself, unless it was said otherwise.
#[must_use]
pub fn actor() -> Actor {
    ACTOR.try_with(Clone::clone).unwrap_or(Actor::SERVER)
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Which; it holds the time.
    pub id: crate::id::AuditId,
    /// `OBJECT.DONE`.
    pub kind: String,
    /// Who did it.
    pub actor: Actor,
    /// What kind of thing it was done to.
    pub object_kind: String,
    /// Which one.
    pub object: String,
    /// What people know it by.
    pub object_name: Option<String>,
    /// What is otherwise than before.
    pub changes: Vec<AuditChange>,
}

/// Which entries of the audit log to list.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Those of this kind, or of all kinds of this object (`webhook`).
    pub kind: Option<String>,
    /// Those of this token, session or kind of actor.
    pub actor: Option<String>,
    /// Those of this object.
    pub object: Option<String>,
    /// Those older than this one.
    pub before: Option<crate::id::AuditId>,
    /// How many at most.
    pub limit: u32,
}

/// The scopes of a token, a link or a session, as one text: names separated by spaces.
#[must_use]
pub fn scopes_text(scopes: &[seinpost_protocol::rest::Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id.as_deref().unwrap_or(self.kind.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_acts_is_known_in_the_task_and_nowhere_else() {
        assert_eq!(actor(), Actor::SERVER);
        let token = Actor { kind: ActorKind::Token, id: Some("tok_1".into()), name: None };
        let (inner, spawned) =
            acting(token.clone(), async { (actor(), tokio::spawn(async { actor() }).await.unwrap()) }).await;
        assert_eq!((inner, spawned), (token, Actor::SERVER));
        assert_eq!(actor(), Actor::SERVER);
    }
}
