//! "Check my receiver": a graded set of calls, most of which a receiver must refuse.

use serde::{Deserialize, Serialize};

use super::{Attempt, Profile, Timestamp};

/// The answer to `POST /v1/webhooks/ID/check-receiver`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiverCheck {
    /// `wh_…`.
    pub webhook: String,
    /// The URL that was called, with `***` for user and password.
    pub url: String,
    /// How the calls were signed.
    pub profile: Profile,
    /// When it began.
    pub started: Timestamp,
    /// How long all of it took.
    pub duration_ms: u64,
    /// The worst mark of all.
    pub mark: Mark,
    /// One row a call, in the order in which they were made.
    pub data: Vec<ReceiverCheckRow>,
}

/// One call of a receiver check, and what the answer means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiverCheckRow {
    /// Which call.
    pub name: ReceiverCase,
    /// What was sent, in words.
    pub sent: String,
    /// What a good receiver answers, in words: `2xx`, `401`.
    pub expected: String,
    /// The status code of the answer; `null` where there was none.
    pub status: Option<u16>,
    /// How long the call took.
    pub duration_ms: u64,
    /// How good the answer is.
    pub mark: Mark,
    /// What came of it, for programs (and for words in another language).
    pub verdict: Verdict,
    /// What that means, and what to do, for people.
    pub meaning: String,
    /// The call as it was made, with what came back; `null` where it was not made.
    pub attempt: Option<Attempt>,
}

/// How good an answer is. Ordered: the later, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The call was not made, or does not apply to the webhook's profile.
    Skip,
    /// As it should be.
    Pass,
    /// It works, but could be better; or it cannot be told.
    Warn,
    /// To be mended.
    Fail,
}

/// The calls of a receiver check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReceiverCase {
    /// A call like any other: must be accepted.
    Valid,
    /// Its body was changed after it was signed.
    Altered,
    /// Signed rightly, but for a time that is past.
    Stale,
    /// Signed rightly, but for a time to come.
    Future,
    /// The valid call once more, byte for byte.
    RepeatedNonce,
    /// Signed rightly, but of another environment.
    ForeignEnvironment,
    /// Signed with a key that nobody published.
    WrongKey,
    /// Valid, as `application/x-www-form-urlencoded`.
    FormEncoded,
    /// Valid, and as large as an event may be.
    Large,
}

impl ReceiverCase {
    /// All of them, in the order in which the calls are made.
    pub const ALL: [Self; 9] = [
        Self::Valid,
        Self::Altered,
        Self::Stale,
        Self::Future,
        Self::RepeatedNonce,
        Self::ForeignEnvironment,
        Self::WrongKey,
        Self::FormEncoded,
        Self::Large,
    ];
}

/// What came of one call of a receiver check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 2xx.
    Accepted,
    /// 400, 401, 403 or another status that refuses the call as not genuine.
    Refused,
    /// A refusal that shows nothing, as the valid call was refused, too.
    RefusedLikeValid,
    /// 413.
    TooLarge,
    /// 415, or 400 to another format than the webhook's own.
    UnknownFormat,
    /// 404 or 405: nothing takes calls at this URL.
    NotThere,
    /// 429.
    TooOften,
    /// 3xx: redirects are not followed.
    Redirected,
    /// 5xx.
    Crashed,
    /// As it should be, but only after a while.
    Slow,
    /// There was no answer.
    NoAnswer,
    /// The call was not made, as those before it had no answer.
    NotMade,
    /// The webhook's profile knows no such thing.
    NotApplicable,
}
