//! `/v1/tokens`: API tokens.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use seinpost_protocol::rest::{NewToken, Page, ProblemCode, ProblemType, Scope, Timestamp, Token, TokenCreated};

use super::{
    body,
    caller::{Authority, Caller},
    error::ApiError,
    paging::{self, Paged, Paging},
    transport::HoldsSecret,
};
use crate::{
    access::{Grant, TOKEN_ID},
    app::App,
    id::is_ulid,
    store::TokenRecord,
};

/// The environment's tokens.
#[utoipa::path(
    get,
    path = "/tokens",
    operation_id = "listTokens",
    tag = "Access",
    summary = "The API tokens, oldest first",
    params(Paging),
    responses(
        (status = 200, description = "A page of tokens, without themselves", body = Page<Token>),
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Authority(grant): Authority,
    Query(paging): Query<Paging>,
) -> Result<Paged<Token>, ApiError> {
    let limit = paging.limit()?;
    if paging.cursor.as_ref().is_some_and(|cursor| !is_ulid(cursor, TOKEN_ID)) {
        return Err(paging::unknown());
    }
    let now = app.clock.now();
    let rows = app.store.tokens(grant.environment).await?.into_iter();
    let mut rows: Vec<_> = rows
        .filter(|token| token.expires.is_none_or(|expires| expires > now))
        .skip_while(|token| paging.cursor.as_ref().is_some_and(|cursor| token.id <= *cursor))
        .collect();
    let next = paging::cut(&mut rows, limit, |last| last.id.clone());
    Ok(Paged(Page { data: rows.into_iter().map(|row| shown(row, &grant)).collect(), next }))
}

/// Makes a token, which is shown in this answer only.
#[utoipa::path(
    post,
    path = "/tokens",
    operation_id = "createToken",
    tag = "Access",
    summary = "Make an API token",
    request_body(content((NewToken = "application/json"), (NewToken = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "The token; only this answer shows it", body = TokenCreated),
    ),
)]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Authority(grant): Authority,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let new: NewToken = body::read(&headers, &body)?;
    let name = name("name", &new.name)?;
    scopes(&new.scopes, &grant)?;
    let expires = new.expires.map(Timestamp::as_millis);
    if expires.is_some_and(|expires| expires <= app.clock.now()) {
        return Err(ApiError::field("expires", "out-of-range", "a time that is still to come"));
    }
    let (record, token) = app.access.create_token(grant.environment, name, new.scopes, expires).await?;
    let created = TokenCreated { about: shown(record, &grant), token };
    Ok((StatusCode::CREATED, HoldsSecret, Json(created)))
}

/// Revokes a token: it is refused from now on, and the sessions that were begun with it end.
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    operation_id = "revokeToken",
    tag = "Access",
    summary = "Revoke an API token",
    params(("id" = String, Path, description = "`tok_…`")),
    responses(
        (status = 204, description = "It is refused from now on"),
    ),
)]
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    if app.access.delete_token(caller.environment, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::not_found("token"))
    }
}

fn shown(record: TokenRecord, grant: &Grant) -> Token {
    Token {
        current: grant.actor.id.as_ref() == Some(&record.id),
        id: record.id,
        name: record.name,
        scopes: record.scopes,
        created: Timestamp::from_millis(record.created),
        expires: record.expires.map(Timestamp::from_millis),
        last_used: record.last_used.map(Timestamp::from_millis),
    }
}

/// A name for people, without white space around it.
pub(super) fn name(field: &str, text: &str) -> Result<String, ApiError> {
    crate::name::read(text).map_err(|what| ApiError::field(field, "invalid", what))
}

/// Scopes that can be handed on by who has `grant`.
pub(super) fn scopes(wanted: &[Scope], grant: &Grant) -> Result<(), ApiError> {
    if wanted.is_empty() {
        return Err(ApiError::field("scopes", "missing", "at least one"));
    }
    match grant.lacks(wanted) {
        None => Ok(()),
        Some(scope) => {
            let detail = format!("You cannot hand on the scope {scope}, which you do not have.");
            Err(ProblemType::Forbidden.because(detail).coded(ProblemCode::ScopeNotHeld).into())
        }
    }
}
