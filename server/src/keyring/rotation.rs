//! When which key signs.
//!
//! A key signs for a month. The one after it is published at least two days before it signs, and the one before it stays
//! published for a week after it stopped: retries are signed anew, so nothing that it signed is still on its way then.

use seinpost_protocol::rest::KeyStatus;

use crate::store::KeyRecord;

/// An hour, in milliseconds: how often it is looked what is to be done.
pub(super) const HOUR: i64 = 60 * 60 * 1000;
/// How long a key signs.
pub(super) const LIFE: i64 = 30 * 24 * HOUR;
/// How long a key is published before it signs, at least.
pub(super) const NOTICE: i64 = 48 * HOUR;
/// How much sooner than that it is made, so that there is time to publish it.
const LEAD: i64 = 24 * HOUR;
/// How long a key that signs no more stays published.
const AFTERLIFE: i64 = 7 * 24 * HOUR;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing yet.
    Nothing,
    /// Make the next key, to sign from this time on.
    Prepare(i64),
    /// Let this key sign from now on.
    Promote(String),
    /// Publish this key no more.
    Forget(String),
}

/// What is to be done with an environment's keys at the time `now`.
pub(super) fn decide(keys: &[KeyRecord], now: i64) -> Step {
    let find = |status: KeyStatus| keys.iter().find(|key| key.status == status);
    let over = |key: &&KeyRecord| {
        key.status == KeyStatus::Retired && key.until.is_some_and(|until| now >= until.saturating_add(AFTERLIFE))
    };
    if let Some(old) = keys.iter().find(over) {
        return Step::Forget(old.keyid.clone());
    }
    match (find(KeyStatus::Current), find(KeyStatus::Next)) {
        (_, Some(next)) if next.since <= now => Step::Promote(next.keyid.clone()),
        (Some(current), None) if now >= current.since.saturating_add(LIFE - NOTICE - LEAD) => {
            Step::Prepare(current.since.saturating_add(LIFE).max(now.saturating_add(NOTICE)))
        }
        _ => Step::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * HOUR;

    fn key(keyid: &str, status: KeyStatus, since: i64, until: Option<i64>) -> KeyRecord {
        KeyRecord {
            environment: 1,
            keyid: keyid.into(),
            pkcs8: Vec::new(),
            dns: String::new(),
            status,
            since,
            until,
            shown: None,
        }
    }

    #[test]
    fn the_next_key_is_published_in_time_and_the_old_one_a_while_longer() {
        let mut keys = vec![key("a", KeyStatus::Current, 0, None)];
        assert_eq!(decide(&keys, 0), Step::Nothing);
        assert_eq!(decide(&keys, 27 * DAY - 1), Step::Nothing);
        assert_eq!(decide(&keys, 27 * DAY), Step::Prepare(30 * DAY));
        // A server that was off for long gives notice all the same.
        assert_eq!(decide(&keys, 90 * DAY), Step::Prepare(92 * DAY));
        keys.push(key("b", KeyStatus::Next, 30 * DAY, None));
        assert_eq!(decide(&keys, 30 * DAY - 1), Step::Nothing);
        assert_eq!(decide(&keys, 30 * DAY), Step::Promote("b".into()));
        let keys = [key("a", KeyStatus::Retired, 0, Some(30 * DAY)), key("b", KeyStatus::Current, 30 * DAY, None)];
        assert_eq!(decide(&keys, 37 * DAY - 1), Step::Nothing);
        assert_eq!(decide(&keys, 37 * DAY), Step::Forget("a".into()));
        assert_eq!(decide(&[], 0), Step::Nothing);
    }
}
