//! What a receiver asks of a call.

use super::CheckName;
use crate::message::{Lookup, Message};

/// A way of signing calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// draft-cavage-http-signatures with a `Digest`, as SMTPeter sends it.
    Cavage,
    /// Standard Webhooks.
    Standard,
    /// HTTP Message Signatures (RFC 9421) with `Content-Digest`.
    Rfc9421,
}

impl Profile {
    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cavage => "cavage",
            Self::Standard => "standard",
            Self::Rfc9421 => "rfc9421",
        }
    }

    /// The checks that belong to the profile, in order.
    #[must_use]
    pub const fn checks(self) -> &'static [CheckName] {
        match self {
            Self::Cavage | Self::Rfc9421 => &CheckName::ALL,
            Self::Standard => &[CheckName::Https, CheckName::Date, CheckName::Signature, CheckName::Nonce],
        }
    }

    /// How far a call's time may be from this clock, in seconds, if the receiver does not say.
    #[must_use]
    pub const fn tolerance(self) -> u64 {
        match self {
            Self::Cavage | Self::Rfc9421 => 60,
            Self::Standard => 300,
        }
    }
}

/// What a receiver asks of a call. Start from [`Policy::new`], which asks for everything but that the
/// host is the receiver's and the nonce new: those need [`hosts`](Self::hosts) and [`keeps_nonces`](Self::keeps_nonces).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The profiles that are accepted. Of several, the one is taken whose header fields are there: a caller can choose
    /// among those the receiver is ready for, and no other.
    pub profiles: Vec<Profile>,
    /// The receiver's environments. None accepts the calls of every customer of the sender: a sender's other customers
    /// could then sign calls to this receiver.
    pub environments: Option<Vec<String>>,
    /// The receiver's own host names. If there are none, the check is skipped: a call that was meant for another of
    /// your services could then be sent on to this one.
    pub hosts: Vec<String>,
    /// The domains whose keys are trusted. None trusts whichever key the look-up finds: anyone with a domain could
    /// then sign calls, unless the look-up knows better.
    pub key_domains: Option<Vec<String>>,
    /// Names of keys that the receiver has at hand; they are trusted whatever their domain.
    pub key_ids: Vec<String>,
    /// How many more keys the receiver has at hand that have no name: for the profile `standard`, whose calls name none. A
    /// call that names its key is not verified with them; that it would have been is told by [`crate::explain`].
    pub unnamed_keys: usize,
    /// How far the time of a call may be from this clock, in seconds, in both directions; the profile's own if none.
    /// A longer one leaves more time for a replay.
    pub tolerance: Option<u64>,
    /// Whether a call that came by plain HTTP is accepted, as on a developer's own machine. Where the URL does not tell, a
    /// signature over the scheme is then taken to be over `http`.
    pub allow_http: bool,
    /// Whether the receiver keeps the nonces that it saw. If not, a call can be replayed within the tolerance.
    pub keeps_nonces: bool,
}

impl Policy {
    /// The policy of a receiver of calls by one profile, for one environment, signed with keys under one domain.
    #[must_use]
    pub fn new(profile: Profile, environment: &str, key_domain: &str) -> Self {
        Self {
            profiles: vec![profile],
            environments: Some(vec![environment.to_owned()]),
            hosts: Vec::new(),
            key_domains: Some(vec![key_domain.to_owned()]),
            key_ids: Vec::new(),
            unnamed_keys: 0,
            tolerance: None,
            allow_http: false,
            keeps_nonces: false,
        }
    }

    /// The profile by which a call is verified: the first of the accepted ones whose header fields it has, else the
    /// first.
    pub(super) fn choose(&self, message: &Message<'_>) -> Profile {
        // `Signature` stands in calls of two profiles; `Signature-Input` tells which it is. A call without any signature is
        // refused, and by the others of its fields its report can be that of the profile that it is of.
        const MARKS: [(Profile, &[u8]); 5] = [
            (Profile::Rfc9421, b"signature-input"),
            (Profile::Cavage, b"signature"),
            (Profile::Standard, b"webhook-signature"),
            (Profile::Standard, b"webhook-id"),
            (Profile::Standard, b"webhook-timestamp"),
        ];
        let first = self.profiles.first().copied().unwrap_or(Profile::Cavage);
        if self.profiles.len() < 2 {
            return first;
        }
        let marked = |(profile, name): &&(Profile, &[u8])| {
            self.profiles.contains(profile) && message.field(name) != Lookup::Absent
        };
        MARKS.iter().find(marked).map_or(first, |(profile, _)| *profile)
    }

    pub(super) fn tolerance(&self, profile: Profile) -> u64 {
        self.tolerance.unwrap_or_else(|| profile.tolerance())
    }
}
