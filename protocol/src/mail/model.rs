//! What a diagnosis is made of.

use std::fmt;
use std::ops::Range;

/// What a mail that came back is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A bounce: the address itself is dead. Stop sending to it.
    Hard,
    /// A bounce for any other cause: the address may well be good.
    Soft,
    /// An automatic reply: out of office, an autoresponder, a challenge.
    AutoReply,
    /// Somebody, or somebody's provider, complained about a mail.
    Complaint,
    /// An ordinary mail, a read receipt, or the notice of a delivery.
    NotABounce,
    /// It speaks of a mail that was sent, but says too little.
    Unknown,
}

impl Kind {
    /// The kind's name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::AutoReply => "auto-reply",
            Self::Complaint => "complaint",
            Self::NotABounce => "not-a-bounce",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $name:literal in $group:literal,)*) => {
        /// Why a recipient did not get a mail, or what else a mail says of a recipient.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
        }

        impl Reason {
            /// Every reason, in the order in which the documentation lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The reason's name in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The coarse class that it belongs to: `recipient`, `full`, `domain`, `policy`, `system`, `unknown`, or
            /// `none` for what is no bounce.
            #[must_use]
            pub fn group(self) -> &'static str {
                match self { $(Self::$variant => $group,)* }
            }
        }
    };
}

reasons! {
    /// The local part does not exist at the domain.
    NoSuchUser = "no-such-user" in "recipient",
    /// The mailbox moved and nothing is forwarded.
    AddressMoved = "address-moved" in "recipient",
    /// The mailbox exists and is suspended, inactive or closed.
    MailboxDisabled = "mailbox-disabled" in "recipient",
    /// Refused after the mail was transmitted, or by the recipient's own filter.
    RefusedByRecipient = "refused-by-recipient" in "recipient",
    /// The sending service's own suppression list stopped it.
    Suppressed = "suppressed" in "recipient",
    /// The mailbox is over its quota.
    MailboxFull = "mailbox-full" in "full",
    /// The receiving system is out of room.
    ServerFull = "server-full" in "full",
    /// The mail is larger than the mailbox or the system takes.
    MessageTooLarge = "message-too-large" in "full",
    /// The domain, or its mail host, does not resolve.
    NoSuchDomain = "no-such-domain" in "domain",
    /// The domain says that it takes no mail.
    DomainTakesNoMail = "domain-takes-no-mail" in "domain",
    /// The sender in the envelope or the header was refused.
    SenderRejected = "sender-rejected" in "policy",
    /// SPF, DKIM or DMARC failed.
    AuthFailed = "auth-failed" in "policy",
    /// The sending host has no valid reverse DNS.
    NoReverseDns = "no-reverse-dns" in "policy",
    /// The server does not relay for that domain.
    RelayDenied = "relay-denied" in "policy",
    /// The mail breaks the rules of RFC 5322.
    NotCompliant = "not-compliant" in "policy",
    /// The sending host is refused or on a block list.
    IpBlocked = "ip-blocked" in "policy",
    /// The sender's reputation is too low.
    BadReputation = "bad-reputation" in "policy",
    /// Too many mails, connections or recipients; greylisting.
    RateLimited = "rate-limited" in "policy",
    /// A local or security policy, with no finer cause.
    Policy = "policy" in "policy",
    /// The content was judged to be spam.
    SpamContent = "spam-content" in "policy",
    /// Malware was found.
    Virus = "virus" in "policy",
    /// Something else in the content: an attachment, the MIME structure, a header field.
    ContentRejected = "content-rejected" in "policy",
    /// TLS is missing or too weak.
    TlsRequired = "tls-required" in "policy",
    /// The mail's time in the queue is over, or it still waits.
    Expired = "expired" in "system",
    /// A connection, a route or a loop.
    NetworkError = "network-error" in "system",
    /// A system or a delivery agent failed, or the protocol was broken.
    ServerError = "server-error" in "system",
    /// A bounce whose cause is not stated.
    Unknown = "unknown" in "unknown",
    /// An automatic reply.
    AutoReply = "auto-reply" in "none",
    /// A complaint.
    Complaint = "complaint" in "none",
    /// The mail was delivered.
    Delivered = "delivered" in "none",
    /// A request to leave a list.
    Unsubscribe = "unsubscribe" in "none",
}

impl Reason {
    /// Whether the reason says that the address itself is dead.
    #[must_use]
    pub fn is_dead_address(self) -> bool {
        matches!(self, Self::NoSuchUser | Self::AddressMoved | Self::NoSuchDomain | Self::DomainTakesNoMail)
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == name)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An enhanced status code (RFC 3463): class, subject and detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// 2 for success, 4 for a failure that may pass, 5 for one that won't.
    pub class: u8,
    /// What it is about: 1 addressing, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The detail.
    pub detail: u16,
}

impl Status {
    pub(super) fn parse(word: &[u8]) -> Option<Self> {
        super::words::parse_status(word).map(|(class, subject, detail)| Self { class, subject, detail })
    }

    /// Whether it says no more than its class.
    #[must_use]
    pub fn is_generic(self) -> bool {
        self.subject == 0 && self.detail == 0
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// What the report says was done (RFC 3464, section 2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It was not delivered and won't be.
    Failed,
    /// It was not delivered yet.
    Delayed,
    /// It was delivered.
    Delivered,
    /// It was handed on to a system that sends no reports.
    Relayed,
    /// It was delivered and sent on to more addresses.
    Expanded,
}

impl Action {
    /// The action's name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Relayed => "relayed",
            Self::Expanded => "expanded",
        }
    }

    pub(super) fn parse(value: &str) -> Option<Self> {
        let word = value.trim().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let all = [Self::Failed, Self::Delayed, Self::Delivered, Self::Relayed, Self::Expanded];
        let known = all.into_iter().find(|action| action.as_str().eq_ignore_ascii_case(word));
        known.or_else(|| {
            if word.eq_ignore_ascii_case("deliverable") {
                return Some(Self::Delivered);
            }
            let failed = ["failure", "fail", "error", "expired", "undeliverable"];
            failed.iter().any(|name| name.eq_ignore_ascii_case(word)).then_some(Self::Failed)
        })
    }
}

/// What a conclusion rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The rule: its conclusion and its words, `mailbox-full: quota exceeded`.
    pub rule: String,
    /// The bytes of the mail that it read, if it read any.
    pub range: Range<usize>,
}

/// What a mail says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The address as the report gives it: the final recipient, where that is a mail address.
    pub address: String,
    /// Another address of the same recipient: the one that the mail was sent to, or that it was forwarded from.
    pub alias: Option<String>,
    /// The enhanced status code, only where the mail states one.
    pub status: Option<Status>,
    /// The SMTP reply code, only where the mail states one.
    pub code: Option<u16>,
    /// Why.
    pub reason: Reason,
    /// What the report says was done.
    pub action: Option<Action>,
    /// The words of the server that refused it.
    pub diagnostic: Option<String>,
    /// The server that refused it.
    pub remote_mta: Option<String>,
    /// What the reason rests on.
    pub evidence: Evidence,
}

impl Recipient {
    /// One of whom nothing is known but the address and the reason.
    pub(super) fn of(address: String, reason: Reason, evidence: Evidence) -> Self {
        Self {
            address,
            alias: None,
            status: None,
            code: None,
            reason,
            action: None,
            diagnostic: None,
            remote_mta: None,
            evidence,
        }
    }

    /// Whether the address is dead: a reason that says so, and no status that it may pass.
    #[must_use]
    pub fn is_hard(&self) -> bool {
        self.reason.is_dead_address() && !self.is_transient()
    }

    /// Whether the report says that it is for good: class 5.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match (self.status, self.code) {
            (Some(status), _) => status.class == 5,
            (None, Some(code)) => code / 100 == 5,
            (None, None) => self.is_hard(),
        }
    }

    pub(super) fn is_transient(&self) -> bool {
        match (self.status, self.code) {
            (Some(status), _) => status.class == 4,
            (None, Some(code)) => code / 100 == 4,
            (None, None) => false,
        }
    }
}

/// The mail that was sent and came back, as far as it was sent along.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Original {
    /// Its `Message-ID`, without the angle brackets.
    pub message_id: Option<String>,
    /// Its `From`.
    pub from: Option<String>,
    /// Its `Subject`.
    pub subject: Option<String>,
    /// Its `Date`.
    pub date: Option<String>,
}

/// What sort of automatic reply it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AutoReply {
    /// Somebody is away, or an autoresponder answered.
    Vacation,
    /// The reply asks the sender to prove something before the mail is let through.
    Challenge,
    /// A read receipt (RFC 8098) or the notice of a delivery.
    Receipt,
}

impl AutoReply {
    /// The sort's name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vacation => "vacation",
            Self::Challenge => "challenge",
            Self::Receipt => "receipt",
        }
    }
}

/// What a complaint says (RFC 5965).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feedback {
    /// `abuse`, `fraud`, `auth-failure`, `not-spam`, `opt-out`, `virus` or `other`; absent where none is stated.
    pub kind: Option<String>,
    /// The program that made the report.
    pub user_agent: Option<String>,
    /// The IP address that the mail came from.
    pub source_ip: Option<String>,
    /// When the mail arrived, as written.
    pub arrival_date: Option<String>,
}

/// What a mail that came back means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What the mail is; for a bounce of several recipients the hardest.
    pub kind: Kind,
    /// Whether the mail is late rather than lost: the server still tries, or its time ran out while nothing else was wrong.
    pub delayed: bool,
    /// Whether every recipient's failure is for good by its status class, whatever the kind.
    pub permanent: bool,
    /// What it says of each recipient.
    pub recipients: Vec<Recipient>,
    /// The mail that was sent.
    pub original: Option<Original>,
    /// What sort of automatic reply it is.
    pub auto_reply: Option<AutoReply>,
    /// What the complaint says.
    pub feedback: Option<Feedback>,
    /// The system that made the report.
    pub reporting_mta: Option<String>,
}
