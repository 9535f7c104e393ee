//! Which variables each type has.

use super::EventType;

/// What may stand in a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A text of at least one character.
    Name,
    /// Unix seconds in decimal digits.
    Time,
    /// `YYYY-MM-DD HH:MM:SS` in UTC.
    Timestamp,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of texts.
    Tags,
    /// An object: name to new value.
    Fields,
}

/// A variable of a type of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What may stand in it.
    pub kind: Kind,
    /// Whether it is always there; the others are left out when unknown.
    pub required: bool,
}

const fn always(name: &'static str, kind: Kind) -> Variable {
    Variable { name, kind, required: true }
}

const fn known(name: &'static str, kind: Kind) -> Variable {
    Variable { name, kind, required: false }
}

const ID: Variable = always("id", Kind::Name);
const TYPE: Variable = always("type", Kind::Name);
const TIMESTAMP: Variable = always("timestamp", Kind::Timestamp);
const TIME: Variable = always("time", Kind::Time);
const RECIPIENT: Variable = always("recipient", Kind::Name);
const TAGS: Variable = always("tags", Kind::Tags);

/// The variables of a type, in the order of the documentation.
#[must_use]
pub fn variables_of(event_type: EventType) -> &'static [Variable] {
    const BOUNCE: &[Variable] = &[
        ID,
        TYPE,
        TIMESTAMP,
        TIME,
        RECIPIENT,
        // A bounce's own envelope address may be the empty one.
        always("envelope", Kind::Text),
        always("mime", Kind::Text),
        TAGS,
    ];
    const FAILURE: &[Variable] = &[
        ID,
        TYPE,
        TIMESTAMP,
        TIME,
        RECIPIENT,
        always("action", Kind::OneOf(&["failure", "failed"])),
        always("state", Kind::Text),
        known("code", Kind::Text),
        known("extended", Kind::Text),
        known("description", Kind::Text),
        TAGS,
    ];
    const CLICK: &[Variable] = &[
        ID,
        TYPE,
        TIMESTAMP,
        TIME,
        RECIPIENT,
        always("ip", Kind::Text),
        always("original", Kind::Text),
        known("useragent", Kind::Text),
        known("referer", Kind::Text),
        TAGS,
    ];
    const OPEN: &[Variable] = &[
        ID,
        TYPE,
        TIME,
        TIMESTAMP,
        RECIPIENT,
        always("ip", Kind::Text),
        known("useragent", Kind::Text),
        known("referer", Kind::Text),
        TAGS,
    ];
    const DELIVERY: &[Variable] = &[
        ID,
        TYPE,
        TIME,
        TIMESTAMP,
        RECIPIENT,
        always("code", Kind::Text),
        always("extended", Kind::Text),
        always("description", Kind::Text),
        TAGS,
    ];
    const ABUSE: &[Variable] = &[
        ID,
        TYPE,
        always("emailfrom", Kind::Text),
        always("mime", Kind::Text),
        known("time", Kind::Time),
        known("timestamp", Kind::Timestamp),
        known("recipient", Kind::Name),
        known("tags", Kind::Tags),
    ];
    const PROFILE: &[Variable] = &[
        ID,
        TYPE,
        TIMESTAMP,
        TIME,
        RECIPIENT,
        always("action", Kind::OneOf(&["create", "update", "delete"])),
        always("fields", Kind::Fields),
        TAGS,
    ];
    match event_type {
        EventType::Bounce => BOUNCE,
        EventType::Failure => FAILURE,
        EventType::Click => CLICK,
        EventType::Open => OPEN,
        EventType::Delivery => DELIVERY,
        EventType::Abuse => ABUSE,
        EventType::Profile => PROFILE,
    }
}

/// Whether a text is a time of the calendar in the form `YYYY-MM-DD HH:MM:SS`.
#[must_use]
pub fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = b"dddd-dd-dd dd:dd:dd";
    if bytes.len() != shape.len()
        || !bytes.iter().zip(shape).all(|(byte, want)| if *want == b'd' { byte.is_ascii_digit() } else { byte == want })
    {
        return false;
    }
    let number =
        |from: usize, to: usize| bytes[from..to].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    // RFC 3339 allows a leap second; so does a mail server's log.
    (1..=days).contains(&day) && number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) <= 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_begins_with_id_and_type_and_names_no_variable_twice() {
        for each in EventType::ALL {
            let variables = variables_of(each);
            assert_eq!(variables[0].name, "id");
            assert_eq!(variables[1].name, "type");
            for (index, variable) in variables.iter().enumerate() {
                assert!(variables[..index].iter().all(|earlier| earlier.name != variable.name), "{each}: {variable:?}");
            }
        }
    }

    #[test]
    fn a_timestamp_is_a_time_of_the_calendar() {
        for good in ["2026-01-31 12:00:00", "2024-02-29 23:59:60", "2000-02-29 00:00:00"] {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in [
            "",
            "2026-02-29 12:00:00",
            "1900-02-29 12:00:00",
            "2026-13-01 12:00:00",
            "2026-00-01 12:00:00",
            "2026-01-00 12:00:00",
            "2026-01-31T12:00:00",
            "2026-01-31 24:00:00",
            "2026-01-31 12:60:00",
            "2026-01-31 12:00:61",
            "2026-1-31 12:00:00",
            "２026-01-31 12:00:0",
            "2026-01-31 12:00:00Z",
        ] {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }
}
