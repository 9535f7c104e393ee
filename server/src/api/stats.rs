//! `/v1/stats`: how deliveries went and how long receivers took.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Query, State},
};
use seinpost_protocol::rest::{
    AllTime, EventLoad, Figures, Outcomes, Page, ResponseTimes, Stats, StatsRange, StatsStep, Timestamp, TypeLoad,
    Waiting, WebhookStats,
};
use serde::Deserialize;

use super::{
    caller::Caller,
    error::ApiError,
    logfiles::DAY,
    paging::{self, Paged, Paging},
    webhooks,
};
use crate::{
    app::App,
    store::{Histogram, StatQuery, StatRow, StatScope, WebhookKey},
};

/// How far waiting deliveries are counted, …
const MOST_WAITING: u32 = 100_000;
/// … and how far in a list of webhooks.
const MOST_WAITING_EACH: u32 = 10_000;
/// How far events of a type are counted.
const MOST_EVENTS: u32 = 100_000;

/// Which figures are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// How far back: the last 24 hours if left out.
    #[param(value_type = Option<StatsRange>, inline)]
    range: Option<String>,
    /// Those of one webhook: `wh_…`.
    webhook: Option<String>,
}

/// How far back.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Range {
    /// How far back: the last 24 hours if left out.
    #[param(value_type = Option<StatsRange>, inline)]
    range: Option<String>,
}

/// How deliveries went and how long receivers took, step by step.
#[utoipa::path(
    get,
    path = "/stats",
    operation_id = "getStats",
    tag = "Statistics",
    summary = "How deliveries went and how long receivers took",
    params(Which),
    responses((status = 200, description = "The figures", body = Stats))
)]
pub(super) async fn stats(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Json<Stats>, ApiError> {
    let range = read_range(which.range.as_deref())?;
    let webhook = match which.webhook {
        Some(id) => Some(webhooks::find(&app, caller.environment, id).await?),
        None => None,
    };
    let now = app.clock.now();
    let time = Steps::until(now, range);
    let (scope, count) = match &webhook {
        Some(webhook) => {
            let waiting = app.store.waiting_of(vec![webhook.key], MOST_WAITING).await?;
            (StatScope::Webhook(webhook.key), waiting.first().map_or(0, |(_, count)| *count))
        }
        None => {
            (StatScope::Environment(caller.environment), app.store.waiting_in(caller.environment, MOST_WAITING).await?)
        }
    };
    let rows = app.store.stats(StatQuery { scopes: vec![scope], time: time.from..time.end() }).await?;
    let sums = time.sum(&rows);
    let total = Sum::all(&sums);
    let steps = sums.iter().zip(0..).map(|(sum, number)| StatsStep {
        start: Timestamp::from_millis(time.start_of(number)),
        deliveries: sum.outcomes(),
        response: sum.response(),
    });
    Ok(Json(Stats {
        webhook: webhook.map(|webhook| webhook.id),
        range,
        from: Timestamp::from_millis(time.from),
        until: Timestamp::from_millis(now),
        step_seconds: range.step_seconds(),
        total: total.figures(),
        waiting: waiting(count, MOST_WAITING),
        steps: steps.collect(),
    }))
}

/// Whose figures.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Whose {
    /// Those of one webhook: `wh_…`.
    webhook: Option<String>,
}

/// How many deliveries there ever were, by how they went.
#[utoipa::path(
    get,
    path = "/stats/all-time",
    operation_id = "getAllTimeStats",
    tag = "Statistics",
    summary = "How many deliveries there ever were, by how they went",
    params(Whose),
    responses((status = 200, description = "The figures", body = AllTime))
)]
pub(super) async fn all_time(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(whose): Query<Whose>,
) -> Result<Json<AllTime>, ApiError> {
    let (webhook, scope, since) = match whose.webhook {
        Some(id) => {
            let webhook = webhooks::find(&app, caller.environment, id).await?;
            (Some(webhook.id), StatScope::Webhook(webhook.key), webhook.created)
        }
        None => {
            let found = app.store.environment(caller.environment).await?;
            let environment = found.ok_or_else(|| ApiError::not_found("environment"))?;
            (None, StatScope::Environment(environment.id), environment.created)
        }
    };
    let outcomes = app.store.outcomes_ever(scope).await?;
    let deliveries = Sum { outcomes, times: Histogram::default() }.outcomes();
    let since = Timestamp::from_millis(since);
    Ok(Json(AllTime { webhook, since, deliveries, success: deliveries.success() }))
}

/// Each webhook in short, in the order of `GET /v1/webhooks`.
#[utoipa::path(
    get,
    path = "/stats/webhooks",
    operation_id = "listWebhookStats",
    tag = "Statistics",
    summary = "Each webhook in short, newest first",
    params(Range, Paging),
    responses((status = 200, description = "A page of webhooks", body = Page<WebhookStats>))
)]
pub(super) async fn of_webhooks(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(which): Query<Range>,
    Query(paging): Query<Paging>,
) -> Result<Paged<WebhookStats>, ApiError> {
    let range = read_range(which.range.as_deref())?;
    let limit = paging.limit()?;
    let found = app.store.webhooks(caller.environment, paging.cursor, limit + 1).await?;
    let mut webhooks = found.ok_or_else(paging::unknown)?;
    let next = paging::cut(&mut webhooks, limit, |last| last.id.clone());
    let time = Steps::until(app.clock.now(), range);
    let keys: Vec<WebhookKey> = webhooks.iter().map(|webhook| webhook.key).collect();
    let scopes = keys.iter().map(|key| StatScope::Webhook(*key)).collect();
    let mut rows: HashMap<StatScope, Vec<StatRow>> = HashMap::new();
    for row in app.store.stats(StatQuery { scopes, time: time.from..time.end() }).await? {
        rows.entry(row.scope).or_default().push(row);
    }
    let counts: HashMap<_, _> = app.store.waiting_of(keys, MOST_WAITING_EACH).await?.into_iter().collect();
    let data = webhooks.into_iter().map(|webhook| {
        let sums = time.sum(rows.get(&StatScope::Webhook(webhook.key)).map_or(&[], Vec::as_slice));
        WebhookStats {
            total: Sum::all(&sums).figures(),
            waiting: waiting(counts.get(&webhook.key).copied().unwrap_or(0), MOST_WAITING_EACH),
            points: sums.iter().map(Sum::outcomes).collect(),
            webhook: webhook.id,
        }
    });
    Ok(Paged(Page { data: data.collect(), next }))
}

/// How many events of each type came in during the last 24 hours.
#[utoipa::path(
    get,
    path = "/stats/events",
    operation_id = "getEventLoad",
    tag = "Statistics",
    summary = "How many events of each type came in during the last 24 hours",
    responses((status = 200, description = "The counts", body = EventLoad))
)]
pub(super) async fn of_events(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<EventLoad>, ApiError> {
    let until = app.clock.now();
    let from = until.saturating_sub(DAY);
    let counted = app.store.count_events(caller.environment, from, MOST_EVENTS).await?;
    let types = counted.into_iter().map(|(event_type, count, busiest_minute)| TypeLoad {
        event_type: event_type.as_str().into(),
        count,
        more: count >= u64::from(MOST_EVENTS),
        busiest_minute,
    });
    Ok(Json(EventLoad {
        from: Timestamp::from_millis(from),
        until: Timestamp::from_millis(until),
        types: types.collect(),
    }))
}

fn read_range(text: Option<&str>) -> Result<StatsRange, ApiError> {
    let Some(text) = text else { return Ok(StatsRange::default()) };
    StatsRange::ALL
        .into_iter()
        .find(|range| range.as_str() == text)
        .ok_or_else(|| ApiError::field("range", "unknown", "one of 1h, 24h, 7d and 30d"))
}

fn waiting(count: u64, most: u32) -> Waiting {
    Waiting { count, more: count >= u64::from(most) }
}

/// The steps of a range.
struct Steps {
    from: i64,
    length: i64,
    number: i64,
}

impl Steps {
    /// Those whose last one has now.
    fn until(now: i64, range: StatsRange) -> Self {
        let (length, number) = (i64::from(range.step_seconds()) * 1000, i64::from(range.steps()));
        let last = now.div_euclid(length).saturating_mul(length);
        Self { from: last.saturating_sub((number - 1) * length), length, number }
    }

    fn start_of(&self, number: i64) -> i64 {
        self.from.saturating_add(number * self.length)
    }

    fn end(&self) -> i64 {
        self.start_of(self.number)
    }

    /// What there was in each.
    fn sum(&self, rows: &[StatRow]) -> Vec<Sum> {
        let number = usize::try_from(self.number).unwrap_or(0);
        let mut sums = vec![Sum::default(); number];
        for row in rows {
            let place = usize::try_from((row.start - self.from).div_euclid(self.length));
            if let Some(sum) = place.ok().and_then(|place| sums.get_mut(place)) {
                sum.add(row.outcomes, &row.times);
            }
        }
        sums
    }
}

/// What there was in a time.
#[derive(Clone, Default)]
struct Sum {
    outcomes: [i64; 4],
    times: Histogram,
}

impl Sum {
    fn add(&mut self, outcomes: [i64; 4], times: &Histogram) {
        for (sum, count) in self.outcomes.iter_mut().zip(outcomes) {
            *sum = sum.saturating_add(count);
        }
        self.times.merge(times);
    }

    fn all(sums: &[Self]) -> Self {
        let mut all = Self::default();
        for each in sums {
            all.add(each.outcomes, &each.times);
        }
        all
    }

    fn outcomes(&self) -> Outcomes {
        let [at_once, retried, refused, unanswered] = self.outcomes.map(|count| u64::try_from(count).unwrap_or(0));
        Outcomes { at_once, retried, refused, unanswered }
    }

    fn response(&self) -> ResponseTimes {
        ResponseTimes {
            answers: self.times.count(),
            median_ms: self.times.percentile(50),
            p95_ms: self.times.percentile(95),
        }
    }

    fn figures(&self) -> Figures {
        let deliveries = self.outcomes();
        Figures { deliveries, success: deliveries.success(), response: self.response() }
    }
}
