//! A page of the log, as the filter asks for it.

use std::rc::Rc;

use seinpost_protocol::rest::{Delivery, Page};
use yew::prelude::*;

use super::filter::{Filter, Sought};
use crate::{
    api::{Api, ApiError, use_api},
    hooks::{announce, now, use_kept, use_resource, use_settled},
    i18n::{Language, texts::deliveries as texts},
};

/// How many pages are looked through for one, where the API cannot be asked for what is sought.
const SIFTED: usize = 5;
/// How many rows such a page has: the most that the API gives.
const LARGE: u32 = 200;
/// How many rows a page of the log has, and at least one that was put together here, if there are so many.
const ROWS: u32 = 50;
/// How many events' deliveries are asked for at once.
const EVENTS: u32 = 25;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    /// The one webhook whose log it is.
    pub(super) webhook: Option<String>,
    pub(super) cursor: Option<String>,
    pub(super) filter: Filter,
}

impl Asked {
    /// Whether another asks for the same, but for what is being typed.
    fn is_chosen_like(&self, other: &Self) -> bool {
        self.webhook == other.webhook && self.cursor == other.cursor && self.filter.is_chosen_like(&other.filter)
    }
}

/// A page, and what was asked for it.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    of: Asked,
    pub(super) page: Rc<Page<Delivery>>,
}

/// A page of the log as it is shown.
pub(super) struct Shown {
    /// What there is to show: while one types, what was found before.
    pub(super) found: Option<Rc<Found>>,
    /// Whether something else is asked for than what shows.
    pub(super) is_old: bool,
    pub(super) error: Option<ApiError>,
    pub(super) refresh: Callback<()>,
}

/// A page of the log.
#[hook]
pub(super) fn use_page(asked: Asked) -> Shown {
    let api = use_api();
    let settled = use_settled(asked.clone(), Asked::is_chosen_like);
    let came = use_resource(settled, move |asked: &Asked| {
        let (api, of) = (api.clone(), asked.clone());
        Box::pin(async move {
            let page = Rc::new(fetch(&api, &of).await?);
            Ok(Found { of, page })
        })
    });
    let kept = use_kept(came.data.as_ref());
    let before = || kept.filter(|found| came.error.is_none() && found.of.is_chosen_like(&asked));
    let found = came.data.clone().or_else(before);
    Shown {
        is_old: found.as_ref().is_some_and(|found| found.of != asked),
        found,
        error: came.error.clone(),
        refresh: came.refresh.clone(),
    }
}

async fn fetch(api: &Api, asked: &Asked) -> Result<Page<Delivery>, ApiError> {
    let Asked { filter, cursor, .. } = asked;
    let sought = Sought::of(&filter.q);
    if let Sought::Delivery(id) = &sought {
        return match api.delivery(id).await {
            Ok(delivery) => Ok(Page { data: vec![delivery], next: None }),
            // It is being typed still, or it is not there.
            Err(ApiError::Refused(_)) => Ok(Page { data: Vec::new(), next: None }),
            Err(error) => Err(error),
        };
    }
    let (mut data, mut cursor) = (Vec::new(), cursor.clone());
    for _ in 0..SIFTED {
        let cursor_now = cursor.as_deref();
        let page = match &sought {
            Sought::OfEvent(ways) => of_events(api, asked, cursor_now, ways).await?,
            _ => log(api, asked, cursor_now, &[]).await?,
        };
        data.extend(page.data.into_iter().filter(|delivery| filter.lets_through(delivery)));
        cursor = page.next;
        let is_enough = if filter.sifts() { data.len() >= ROWS as usize } else { !data.is_empty() };
        if cursor.is_none() || is_enough {
            break;
        }
    }
    Ok(Page { data, next: cursor })
}

/// A page of what the API can be asked for; `more` is asked besides.
async fn log(
    api: &Api,
    Asked { webhook, filter, .. }: &Asked,
    cursor: Option<&str>,
    more: &[(&str, &str)],
) -> Result<Page<Delivery>, ApiError> {
    let webhook = webhook.as_deref().or(Some(filter.webhook.as_str()).filter(|id| !id.is_empty()));
    let from = filter.from(now()).map(|from| from.to_string()).unwrap_or_default();
    let until = filter.until().map(|until| until.to_string()).unwrap_or_default();
    let mut wanted =
        vec![("status", filter.status()), ("test", filter.test()), ("from", from.as_str()), ("until", until.as_str())];
    wanted.extend_from_slice(more);
    let limit = if filter.sifts() { LARGE } else { ROWS };
    api.deliveries(webhook, limit, cursor, &wanted).await
}

/// A page of the deliveries of the events that a search finds, by the first of these ways that finds any: the API finds only
/// what fits all that it is asked at once. Its cursor is that of the events, and within them that of their deliveries: no
/// row is passed over where they are more than a page.
async fn of_events(
    api: &Api,
    asked: &Asked,
    cursor: Option<&str>,
    ways: &[(&'static str, String)],
) -> Result<Page<Delivery>, ApiError> {
    let (at, within) = cursor.and_then(|cursor| cursor.split_once(WITHIN)).unwrap_or((cursor.unwrap_or_default(), ""));
    let mut events = Page { data: Vec::new(), next: None };
    for (name, value) in ways {
        events = api.events_of((name, value), EVENTS, Some(at)).await?;
        if !events.data.is_empty() || events.next.is_some() {
            break;
        }
    }
    let ids: Vec<&str> = events.data.iter().map(|event| event.id.as_str()).collect();
    let page = if ids.is_empty() {
        Page { data: Vec::new(), next: None }
    } else {
        log(api, asked, Some(within), &[("event", &ids.join(","))]).await?
    };
    let next = page.next.map(|within| format!("{at}{WITHIN}{within}")).or(events.next);
    Ok(Page { data: page.data, next })
}

/// What stands between the two halves of a search's cursor.
const WITHIN: char = '~';

/// Says how many deliveries are new, at most every ten seconds.
#[hook]
pub(super) fn use_arrivals(language: Language, found: Option<&Rc<Found>>) {
    let seen = use_mut_ref(Arrivals::default);
    use_effect_with(found.cloned(), move |found| {
        let Some(found) = found else { return };
        if let Some(count) = seen.borrow_mut().told(found, now()) {
            announce(&language.fill(&texts::NEW, &[("n", &language.number(count))]));
        }
    });
}

/// What is new since it was said last.
#[derive(Default)]
struct Arrivals {
    /// What was asked for, and the newest that was found.
    seen: Option<(Asked, String)>,
    said: i64,
    count: u64,
}

impl Arrivals {
    /// How many there are to tell of now.
    fn told(&mut self, found: &Found, now: i64) -> Option<u64> {
        // Ids grow with time. A row that is on another page, or fits another filter, has not come just now.
        let newest = found.page.data.iter().map(|delivery| delivery.id.as_str()).max().unwrap_or_default();
        match &mut self.seen {
            Some((of, before)) if *of == found.of => {
                let is_new = |delivery: &&Delivery| delivery.id > *before;
                self.count += found.page.data.iter().filter(is_new).count() as u64;
                if newest > before.as_str() {
                    newest.clone_into(before);
                }
            }
            _ => {
                self.seen = Some((found.of.clone(), newest.to_owned()));
                self.count = 0;
            }
        }
        if self.count == 0 || now - self.said < 10_000 {
            return None;
        }
        self.said = now;
        Some(std::mem::take(&mut self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(outcome: &str, ids: &[&str]) -> Found {
        let filter = Filter { outcome: outcome.into(), ..Filter::default() };
        let data = ids.iter().map(|id| {
            serde_json::from_str(&format!(
                r#"{{"id":"{id}","event":"evt_1","type":"bounce","webhook":"wh_1","status":"pending","test":false,
                "attempts":[],"next_attempt":null,"created":"2025-11-25T13:05:12Z"}}"#
            ))
            .unwrap()
        });
        Found {
            of: Asked { webhook: None, cursor: None, filter },
            page: Rc::new(Page { data: data.collect(), next: None }),
        }
    }

    #[test]
    fn only_what_comes_while_one_looks_is_new() {
        let mut arrivals = Arrivals::default();
        assert_eq!(arrivals.told(&found("", &["dlv_2", "dlv_1"]), 20_000), None);
        // Another filter, or the same one again: none of it is new.
        assert_eq!(arrivals.told(&found("failed", &["dlv_1"]), 21_000), None);
        assert_eq!(arrivals.told(&found("", &["dlv_2", "dlv_1"]), 22_000), None);
        assert_eq!(arrivals.told(&found("", &["dlv_4", "dlv_3", "dlv_2"]), 23_000), Some(2));
        assert_eq!(arrivals.told(&found("", &["dlv_5", "dlv_4", "dlv_3"]), 24_000), None, "that was a moment ago");
        assert_eq!(arrivals.told(&found("", &["dlv_5", "dlv_4", "dlv_3"]), 33_000), Some(1));
        // The newest has gone from the list, as it waits no more.
        assert_eq!(arrivals.told(&found("", &["dlv_4", "dlv_3"]), 50_000), None);
        assert_eq!(arrivals.told(&found("", &[]), 70_000), None);
    }

    #[test]
    fn while_one_types_nothing_else_is_asked_for() {
        let asked = |outcome: &str, q: &str, cursor: Option<&str>| Asked {
            webhook: None,
            cursor: cursor.map(Into::into),
            filter: Filter { outcome: outcome.into(), q: q.into(), ..Filter::default() },
        };
        let before = asked("", "a", None);
        assert!(before.is_chosen_like(&asked("", "ab", None)));
        assert!(!before.is_chosen_like(&asked("failed", "a", None)));
        assert!(!before.is_chosen_like(&asked("", "a", Some("x"))));
    }
}
