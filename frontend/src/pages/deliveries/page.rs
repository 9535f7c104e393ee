//! A page of the log, as the filter asks for it.

use std::rc::Rc;

use seinpost_protocol::rest::{Delivery, Page};
use yew::prelude::*;

use super::filter::{Filter, Sought};
use crate::{
    api::{Api, ApiError, use_api},
    hooks::{ResourceHandle, announce, now, use_resource},
    i18n::{Language, texts::deliveries as texts},
};

/// How many pages of the log are looked through for one, where the API cannot be asked for what is sought.
const SIFTED: usize = 20;
/// How many rows make a page that was put together here.
const ROWS: usize = 50;

type Key = (Option<String>, Option<String>, Filter);

/// A page of the log.
#[hook]
pub(super) fn use_page(
    webhook: Option<String>,
    cursor: Option<String>,
    filter: Filter,
) -> ResourceHandle<Page<Delivery>> {
    let api = use_api();
    use_resource((webhook, cursor, filter), move |(webhook, cursor, filter): &Key| {
        let (api, webhook, cursor, filter) = (api.clone(), webhook.clone(), cursor.clone(), filter.clone());
        Box::pin(async move { fetch(&api, webhook.as_deref(), cursor, &filter).await })
    })
}

async fn fetch(
    api: &Api,
    webhook: Option<&str>,
    cursor: Option<String>,
    filter: &Filter,
) -> Result<Page<Delivery>, ApiError> {
    match Sought::of(&filter.q) {
        Sought::Nothing => log(api, webhook, cursor, filter).await,
        Sought::Delivery(id) => match api.delivery(&id).await {
            Ok(delivery) => Ok(Page { data: vec![delivery], next: None }),
            // It is being typed still, or it is not there.
            Err(ApiError::Refused(_)) => Ok(Page { data: Vec::new(), next: None }),
            Err(error) => Err(error),
        },
        Sought::Recipient(address) => of_events(api, webhook, cursor, filter, ("recipient", &address)).await,
        Sought::Message(id) => of_events(api, webhook, cursor, filter, ("message", &id)).await,
    }
}

async fn log(
    api: &Api,
    webhook: Option<&str>,
    mut cursor: Option<String>,
    filter: &Filter,
) -> Result<Page<Delivery>, ApiError> {
    let webhook = webhook.or(Some(filter.webhook.as_str()).filter(|id| !id.is_empty()));
    let from = filter.from(now()).map(|from| from.to_string()).unwrap_or_default();
    let until = filter.until().map(|until| until.to_string()).unwrap_or_default();
    let asked = [("status", filter.status()), ("from", from.as_str()), ("until", until.as_str())];
    if !filter.sifts() {
        return api.deliveries(webhook, cursor.as_deref(), &asked).await;
    }
    let mut found = Vec::new();
    for _ in 0..SIFTED {
        let page = api.deliveries(webhook, cursor.as_deref(), &asked).await?;
        found.extend(page.data.into_iter().filter(|delivery| filter.lets_through(delivery)));
        cursor = page.next;
        if cursor.is_none() || found.len() >= ROWS {
            break;
        }
    }
    Ok(Page { data: found, next: cursor })
}

/// The deliveries of the events that a search finds.
async fn of_events(
    api: &Api,
    webhook: Option<&str>,
    cursor: Option<String>,
    filter: &Filter,
    sought: (&str, &str),
) -> Result<Page<Delivery>, ApiError> {
    let webhook = webhook.unwrap_or(&filter.webhook);
    let events = api.events_of(sought, cursor.as_deref()).await?;
    let mut data = Vec::new();
    for event in events.data {
        let detail = api.event_detail(&event.id).await?;
        for brief in detail.deliveries.iter().rev().filter(|brief| webhook.is_empty() || brief.webhook == webhook) {
            let delivery = api.delivery(&brief.id).await?;
            let of_status = filter.status().is_empty() || delivery.status.as_str() == filter.status();
            let in_time = filter.from(now()).is_none_or(|from| delivery.created >= from)
                && filter.until().is_none_or(|until| delivery.created < until);
            if of_status && in_time && filter.lets_through(&delivery) {
                data.push(delivery);
            }
            if data.len() >= ROWS {
                break;
            }
        }
    }
    Ok(Page { data, next: events.next })
}

/// Says how many deliveries are new, at most every ten seconds.
#[hook]
pub(super) fn use_arrivals(language: Language, page: Option<&Rc<Page<Delivery>>>) {
    let seen = use_mut_ref(|| (None::<String>, 0_i64, 0_u64));
    use_effect_with(page.cloned(), move |page| {
        let Some(page) = page else { return };
        let mut seen = seen.borrow_mut();
        let newest = page.data.first().map(|delivery| delivery.id.clone());
        if let Some(before) = seen.0.clone() {
            seen.2 += page.data.iter().take_while(|delivery| delivery.id != before).count() as u64;
        }
        seen.0 = newest;
        let now = now();
        if seen.2 > 0 && now - seen.1 >= 10_000 {
            announce(&language.fill(&texts::NEW, &[("n", &language.number(seen.2))]));
            seen.1 = now;
            seen.2 = 0;
        }
    });
}
