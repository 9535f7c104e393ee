//! The bodies of the REST API, shared by the server and the dashboard.
//!
//! Times are RFC 3339 in UTC; errors are `application/problem+json` (RFC 9457); lists are a [`Page`].

mod audit;
mod client_certificate;
mod delivery;
mod event;
mod failing;
mod key;
mod logfile;
mod number;
mod options;
mod problem;
mod receiver;
mod replay;
mod session;
mod settings;
mod stats;
mod stream;
mod timestamp;
mod token;
mod verification;
mod webhook;

pub use audit::{ActorKind, AuditActor, AuditChange, AuditEntry, AuditObject};
pub use client_certificate::{ClientCertificate, NewClientCertificate};
pub use delivery::{
    AnswerStatus, Attempt, AttemptError, AttemptOutcome, Checked, CheckedWebhook, Delivery, DeliveryStatus, ErrorKind,
    HeaderField, Peer, RequestRecord, ResponseRecord, TlsVersion,
};
pub use event::{Accepted, EventDelivery, EventDetail, EventSearch, EventSummary, EventsAccepted};
pub use failing::{Failing, RefusedCheck, WebhookCounts};
pub use key::{KeyChecked, KeyRotation, KeyShown, KeyStatus, KeysChecked, PublishedKey};
pub use logfile::Logfile;
pub use number::grouped;
pub use options::{
    Batching, DomainFilter, Filter, InvalidOption, IpPrivacy, MimePrivacy, NewPreview, Preview, PreviewedEvent,
    Privacy, RateLimit, RecipientPrivacy, Refusal, TagFilter, WebhookOptions, limits,
};
pub use problem::{Problem, ProblemCode, ProblemType, VariableProblem};
pub use receiver::{Mark, ReceiverCase, ReceiverCheck, ReceiverCheckRow, Verdict};
pub use replay::{BroughtForward, NewReplay, Replay, ReplayState, ReplayWhich};
pub use session::{NewSession, NewSigninLink, Session, SigninLink};
pub use settings::{Environment, EnvironmentPatch, Settings};
pub use stats::{
    AllTime, EventLoad, Figures, Outcomes, ResponseTimes, Stats, StatsRange, StatsStep, TypeLoad, Waiting, WebhookStats,
};
pub use stream::{AttemptBrief, DeliveryChange, StreamEvent, WebhookChange};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use token::{NewToken, Scope, Token, TokenCreated, UnknownScope};
pub use verification::{Outcome, Tried, Verification, VerifyResult};
pub use webhook::{
    BodyFormat, DisabledCode, HistoryEntry, LastDelivery, NewWebhook, Profile, Types, Webhook, WebhookPatch,
    WebhookStatus,
};

use serde::{Deserialize, Serialize};

/// One page of a list: its rows, and the cursor of the next page, if there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows, newest first unless the call says otherwise.
    pub data: Vec<T>,
    /// What to pass as `?cursor=` for the next page; `null` on the last one.
    pub next: Option<String>,
}
