//! Logfiles: a day's events of a kind as a table, as SMTPeter's customers know them.

/// A kind of logfile. `GET /v1/logfiles` answers a list of days (`YYYY-MM-DD`, UTC), `GET /v1/logfiles/DAY` a list of
/// names (`PREFIX.YYYY-MM-DD.log`), and `GET /v1/logfiles/NAME` the file itself: CSV without names of columns, with them
/// under `…/header`, JSON under `…/json`, and XML under `…/xml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Logfile {
    /// Complaints.
    Abuses,
    /// Attempts to deliver a message; nothing that Seinpost takes in belongs here, so it is never listed.
    Attempts,
    /// What came back to the envelope address and is a bounce.
    Bounces,
    /// Followed links.
    Clicks,
    /// Accepted messages.
    Deliveries,
    /// Failed deliveries.
    Failures,
    /// Fetched images.
    Opens,
    /// What came back to the envelope address and is no bounce, such as an out-of-office reply.
    Responses,
}

impl Logfile {
    /// All of them, in the order of SMTPeter's documentation.
    pub const ALL: [Self; 8] = [
        Self::Abuses,
        Self::Attempts,
        Self::Bounces,
        Self::Clicks,
        Self::Deliveries,
        Self::Failures,
        Self::Opens,
        Self::Responses,
    ];

    /// How its names begin.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Abuses => "abuses",
            Self::Attempts => "attempts",
            Self::Bounces => "bounces",
            Self::Clicks => "clicks",
            Self::Deliveries => "deliveries",
            Self::Failures => "failures",
            Self::Opens => "opens",
            Self::Responses => "responses",
        }
    }

    /// Its columns, in order.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Abuses => &["id", "time", "envelope", "recipient", "tags", "templateid"],
            Self::Attempts => &["id", "time", "envelope", "recipient", "properties", "tags", "templateid"],
            Self::Bounces | Self::Responses => &["id", "time", "envelope", "recipient", "mime", "tags", "templateid"],
            Self::Clicks => &[
                "id",
                "time",
                "headers",
                "ip",
                "url",
                "destination",
                "tags",
                "recipient",
                "city",
                "countryname",
                "countrycode",
                "regioncode",
                "templateid",
            ],
            Self::Deliveries => &["id", "time", "envelope", "recipient", "from", "to", "attempt", "tags", "templateid"],
            Self::Failures => &[
                "id",
                "time",
                "envelope",
                "recipient",
                "attempt",
                "from",
                "to",
                "type",
                "code",
                "status",
                "description",
                "state",
                "tags",
                "templateid",
            ],
            Self::Opens => &[
                "id",
                "time",
                "headers",
                "ip",
                "protocol",
                "tags",
                "recipient",
                "city",
                "countryname",
                "countrycode",
                "regioncode",
                "templateid",
            ],
        }
    }
}
