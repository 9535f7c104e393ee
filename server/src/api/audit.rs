//! `GET /v1/audit`: who changed what.

use std::sync::Arc;

use axum::extract::{Query, State};
use seinpost_protocol::rest::{AuditActor, AuditEntry, AuditObject, Page, Timestamp};
use serde::Deserialize;

use super::{
    caller::Caller,
    error::ApiError,
    paging::{self, Paged, Paging},
};
use crate::{
    app::App,
    store::{AuditQuery, AuditRecord},
};

/// Which entries are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    #[serde(flatten)]
    #[param(ignore)]
    paging: Paging,
    /// Those of this kind (`webhook.created`), or of all that is done to such an object (`webhook`).
    kind: Option<String>,
    /// Those of this token (`tok_…`), this session (`ses_…`), or this kind of actor (`token`, `session`, `cli`, `server`).
    actor: Option<String>,
    /// Those of this object, by its id.
    object: Option<String>,
}

/// The changes in the environment, newest first.
#[utoipa::path(
    get,
    path = "/audit",
    operation_id = "listAudit",
    tag = "Access",
    summary = "The audit log: who changed what, newest first",
    params(Filter, Paging),
    responses(
        (status = 200, description = "A page of entries", body = Page<AuditEntry>),
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(filter): Query<Filter>,
) -> Result<Paged<AuditEntry>, ApiError> {
    let limit = filter.paging.limit()?;
    let before = filter.paging.cursor_as()?;
    let query = AuditQuery { kind: filter.kind, actor: filter.actor, object: filter.object, before, limit: limit + 1 };
    let mut rows = app.store.audit(caller.environment, query).await?;
    let next = paging::cut(&mut rows, limit, |last| last.id.to_string());
    Ok(Paged(Page { data: rows.into_iter().map(shown).collect(), next }))
}

fn shown(record: AuditRecord) -> AuditEntry {
    AuditEntry {
        id: record.id.to_string(),
        at: Timestamp::from_millis(record.id.created()),
        kind: record.kind,
        actor: AuditActor { kind: record.actor.kind, id: record.actor.id, name: record.actor.name },
        object: AuditObject { kind: record.object_kind, id: record.object, name: record.object_name },
        changes: record.changes,
    }
}
