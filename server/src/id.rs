//! The names of things in the API: `evt_…`, `dlv_…`, `aud_…`, `wh_…`, `tok_…`.
//!
//! Events and deliveries are keyed by a 64-bit number that grows: its high bits are the time of creation in
//! milliseconds, the rest is random enough that nobody learns from their own ids how much others send. Written in
//! Crockford's base 32 they sort as text the way they were made.

use std::fmt;

use crate::entropy::Entropy;

/// Crockford's base 32: no I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many characters 64 bits take.
const LENGTH: usize = 13;
/// How many bits of an id are below the milliseconds; the 41 bits above them last until 2089.
const LOW_BITS: u32 = 22;
/// 2020-01-01T00:00:00Z in milliseconds: where ids begin to count.
const EPOCH: i64 = 1_577_836_800_000;

/// Makes ids that only grow.
#[derive(Debug, Default)]
pub struct Sequence {
    last: i64,
}

impl Sequence {
    /// Goes on after `last`, an id that exists, if it is not past that already.
    pub fn go_on_after(&mut self, last: i64) {
        self.last = self.last.max(last);
    }

    /// The next id, at the time `now` (milliseconds since the Unix epoch). Never lower than one before, even when the clock is set back.
    pub fn next(&mut self, now: i64, entropy: &dyn Entropy) -> i64 {
        let gap = i64::from(u16::from_le_bytes(entropy.bytes()) % 1024) + 1;
        self.last = first_at(now).max(self.last).saturating_add(gap);
        self.last
    }
}

/// The lowest id that can be made at the time `at` (milliseconds since the Unix epoch).
#[must_use]
pub fn first_at(at: i64) -> i64 {
    at.saturating_sub(EPOCH).clamp(0, i64::MAX >> LOW_BITS) << LOW_BITS
}

/// When an id was made, in milliseconds since the Unix epoch.
#[must_use]
pub fn created(id: i64) -> i64 {
    (id >> LOW_BITS).saturating_add(EPOCH)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                write_base32(self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix($prefix).and_then(read_base32).map(Self).ok_or(InvalidId)
            }
        }

        impl $name {
            /// When it was made, in milliseconds since the Unix epoch.
            #[must_use]
            pub fn created(self) -> i64 {
                created(self.0)
            }
        }
    };
}

id!(
    /// `evt_…`: an event.
    EventId,
    "evt_"
);
id!(
    /// `dlv_…`: a delivery.
    DeliveryId,
    "dlv_"
);

id!(
    /// `aud_…`: an entry of the audit log.
    AuditId,
    "aud_"
);

/// A text that is no id of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id")
    }
}

impl std::error::Error for InvalidId {}

/// A new id of the form `PREFIX` + 26 characters (a ULID: 48 bits of time, 80 random), for things that are few.
#[must_use]
pub fn ulid(prefix: &str, now: i64, entropy: &dyn Entropy) -> String {
    let random: [u8; 16] = entropy.bytes();
    let bits = (u128::from(now.max(0).cast_unsigned()) << 80) | (u128::from_le_bytes(random) >> 48);
    let mut text = String::with_capacity(prefix.len() + 26);
    text.push_str(prefix);
    for place in (0..26).rev() {
        text.push(char::from(ALPHABET[(bits >> (place * 5)) as usize & 31]));
    }
    text
}

/// Whether a text has the form of an id that [`ulid`] makes with this prefix.
#[must_use]
pub fn is_ulid(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| rest.len() == 26 && rest.bytes().all(|byte| ALPHABET.contains(&byte)))
}

fn write_base32(value: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0; LENGTH];
    for (place, letter) in text.iter_mut().rev().enumerate() {
        *letter = ALPHABET[(value.cast_unsigned() >> (place * 5)) as usize & 31];
    }
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

fn read_base32(text: &str) -> Option<i64> {
    if text.len() != LENGTH {
        return None;
    }
    let mut value: u64 = 0;
    for letter in text.bytes() {
        let digit = ALPHABET.iter().position(|each| *each == letter)? as u64;
        value = value.checked_mul(32)?.checked_add(digit)?;
    }
    i64::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn ids_grow_even_when_the_clock_is_set_back() {
        let mut sequence = Sequence::default();
        let mut last = 0;
        for now in [1_764_000_000_000, 1_764_000_000_001, 1_763_000_000_000, 0, i64::MIN, 1_764_000_000_001] {
            let next = sequence.next(now, &SystemEntropy);
            assert!(next > last);
            last = next;
        }
        assert_eq!(created(last), 1_764_000_000_001);
    }

    #[test]
    fn text_and_back() {
        let id = EventId(Sequence::default().next(1_764_000_000_000, &SystemEntropy));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 17);
        assert_eq!(id.created(), 1_764_000_000_000);
        for wrong in ["", "evt_", "dlv_0000000000000", "evt_000000000000U", "evt_ZZZZZZZZZZZZZ", "evt_00000000000000"] {
            assert_eq!(wrong.parse::<EventId>(), Err(InvalidId), "{wrong}");
        }
    }

    #[test]
    fn ulids_sort_by_time() {
        let older = ulid("wh_", 1_764_000_000_000, &SystemEntropy);
        let newer = ulid("wh_", 1_764_000_000_001, &SystemEntropy);
        assert_eq!(older.len(), 29);
        assert!(older < newer);
    }
}
