//! The calls of the pages around the webhooks: events, logfiles, tokens, the audit log, the environment.

use seinpost_protocol::rest::{
    AuditEntry, Environment, EnvironmentPatch, EventDetail, EventSummary, NewToken, Page, Token, TokenCreated,
};
use serde::Deserialize;

use super::{
    Api, ApiError, Tagged,
    calls::{encoded, paged},
};

/// Why a mail came back, as `GET /v1/events/ID/diagnosis` says it: what a page shows of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct EventDiagnosis {
    /// `hard`, `soft`, `auto-reply`, `complaint`, `not-a-bounce` or `unknown`.
    pub(crate) kind: String,
    /// What to do now, in a sentence.
    #[serde(default)]
    pub(crate) advice: String,
    #[serde(default)]
    pub(crate) recipients: Vec<DiagnosedRecipient>,
}

/// What a mail says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct DiagnosedRecipient {
    pub(crate) address: String,
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) status: Option<String>,
    #[serde(default)]
    pub(crate) diagnostic: Option<String>,
}

impl Api {
    /// A page of the events that fit, the newest first.
    pub(crate) async fn events(
        &self,
        cursor: Option<&str>,
        filter: &[(&str, &str)],
    ) -> Result<Page<EventSummary>, ApiError> {
        self.get(&paged("/v1/events", 50, cursor, filter)).await
    }

    /// An event, with its deliveries.
    pub(crate) async fn event(&self, id: &str) -> Result<EventDetail, ApiError> {
        self.get(&format!("/v1/events/{}", encoded(id))).await
    }

    /// Why the mail in an event came back, in this language.
    pub(crate) async fn event_diagnosis(&self, id: &str, language: &str) -> Result<EventDiagnosis, ApiError> {
        self.get(&format!("/v1/events/{}/diagnosis?lang={language}", encoded(id))).await
    }

    /// The days of which there are logfiles.
    pub(crate) async fn logfile_days(&self) -> Result<Vec<String>, ApiError> {
        self.get("/v1/logfiles").await
    }

    /// The names of a day's logfiles.
    pub(crate) async fn logfiles(&self, day: &str) -> Result<Vec<String>, ApiError> {
        self.get(&format!("/v1/logfiles/{}", encoded(day))).await
    }

    pub(crate) async fn tokens(&self) -> Result<Vec<Token>, ApiError> {
        self.pages("/v1/tokens").await
    }

    pub(crate) async fn create_token(&self, new: &NewToken) -> Result<TokenCreated, ApiError> {
        self.send("POST", "/v1/tokens", new).await
    }

    pub(crate) async fn revoke_token(&self, id: &str) -> Result<(), ApiError> {
        self.call("DELETE", &format!("/v1/tokens/{}", encoded(id)), None).await.map(drop)
    }

    /// A page of the audit log, the newest first.
    pub(crate) async fn audit(
        &self,
        cursor: Option<&str>,
        filter: &[(&str, &str)],
    ) -> Result<Page<AuditEntry>, ApiError> {
        self.get(&paged("/v1/audit", 50, cursor, filter)).await
    }

    pub(crate) async fn environment(&self) -> Result<Tagged<Environment>, ApiError> {
        self.get_tagged("/v1/environment").await
    }

    /// Renames the environment, if it is as it was read with this tag.
    pub(crate) async fn rename_environment(&self, tag: &str, name: &str) -> Result<Tagged<Environment>, ApiError> {
        self.patch("/v1/environment", tag, &EnvironmentPatch { name: name.to_owned() }).await
    }
}

/// Where a logfile can be downloaded from, in a format: empty for CSV without names of columns.
pub(crate) fn logfile_address(name: &str, format: &str) -> String {
    let slash = if format.is_empty() { "" } else { "/" };
    format!("/v1/logfiles/{}{slash}{format}", encoded(name))
}
