//! The exact account: what was handed in and acknowledged, what the receiver saw, and what the server says it did.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use seinpost_bench::{
    api::Api,
    event::read,
    sink::{Account, Arrival},
};
use seinpost_protocol::rest::{Delivery, DeliveryStatus, Page};
use serde_json::Value;

use crate::{
    eventually,
    intake::{Handed, Intake},
};

/// How long a server may take to deliver all that waits.
const PATIENCE: Duration = Duration::from_secs(120);

/// What an account adds up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Events handed in.
    pub sent: usize,
    /// Events acknowledged.
    pub acknowledged: usize,
    /// Events of which nobody heard, but that were kept.
    pub kept_unheard: usize,
    /// Deliveries that arrived, each counted once.
    pub arrived: usize,
    /// Arrivals that were no first ones: sent, but not recorded when the server was killed.
    pub again: usize,
}

/// Waits until nothing waits in the server any more.
///
/// # Errors
/// When something still does after a long time.
pub async fn settled(api: &Api) -> Result<()> {
    eventually("every delivery is concluded", PATIENCE, async || {
        let page = api.ok("GET", "/v1/deliveries?status=pending&limit=1", None).await?;
        Ok(page["data"].as_array().is_some_and(Vec::is_empty))
    })
    .await
}

/// Every delivery in the server's log, the newest first.
///
/// # Errors
/// When it does not answer.
pub async fn deliveries(api: &Api) -> Result<Vec<Delivery>> {
    listed(api, "/v1/deliveries").await
}

/// Every delivery of a webhook, the newest first.
///
/// # Errors
/// When the server does not answer.
pub async fn deliveries_of(api: &Api, webhook: &str) -> Result<Vec<Delivery>> {
    listed(api, &format!("/v1/webhooks/{webhook}/deliveries")).await
}

async fn listed(api: &Api, list: &str) -> Result<Vec<Delivery>> {
    let mut all = Vec::new();
    let mut path = format!("{list}?limit=200");
    loop {
        let page: Page<Delivery> = serde_json::from_value(api.ok("GET", &path, None).await?)?;
        all.extend(page.data);
        match page.next {
            Some(cursor) => path = format!("{list}?limit=200&cursor={cursor}"),
            None => return Ok(all),
        }
    }
}

/// Compares all three, once the server has settled. `webhooks` are the ids of those that call the slots 0 and on; `kills`
/// are the times at which servers were gone after they were killed, in milliseconds since the Unix epoch.
///
/// # Errors
/// Names the first thing that is not right.
pub async fn check(
    api: &Api,
    intake: &Intake,
    account: &Account,
    webhooks: &[String],
    kills: &[i64],
) -> Result<Totals> {
    let outcomes = intake.outcomes();
    let log = deliveries(api).await?;
    let numbers = numbers(api, &outcomes, &log).await?;
    let kept: BTreeSet<usize> = numbers.values().copied().collect();

    for (number, handed) in &outcomes {
        match handed {
            Handed::Acknowledged(id) => {
                ensure!(kept.contains(number), "event {number} ({id}) was acknowledged and is lost");
            }
            Handed::Refused(status, _) => {
                ensure!(!kept.contains(number), "event {number} was answered {status} and kept");
            }
            Handed::Unknown => {}
        }
    }
    let arrivals = arrivals(account);
    let mut again = 0;
    let mut recorded: HashMap<(usize, usize), &Delivery> = HashMap::new();
    for delivery in &log {
        let slot = webhooks.iter().position(|id| *id == delivery.webhook).context("a delivery to nobody")?;
        let number = numbers.get(delivery.event.as_deref().unwrap_or_default()).context("a delivery of no event")?;
        ensure!(
            recorded.insert((slot, *number), delivery).is_none(),
            "event {number} has two deliveries to webhook {slot}"
        );
        again += check_delivery(delivery, arrivals.get(&(slot, *number)).map_or(&[], Vec::as_slice), kills)
            .with_context(|| format!("event {number} to webhook {slot}: {}", shown(delivery)))?;
    }
    for number in &kept {
        for slot in 0..webhooks.len() {
            ensure!(
                recorded.contains_key(&(slot, *number)),
                "event {number} is half kept: no delivery to webhook {slot}"
            );
        }
    }
    for (slot, number) in arrivals.keys() {
        ensure!(recorded.contains_key(&(*slot, *number)), "event {number} arrived at {slot} and is not in the log");
    }
    let summary = account.summary(0..webhooks.len());
    ensure!(summary.strangers == 0, "{} calls came that are none of ours", summary.strangers);
    Ok(Totals {
        sent: outcomes.len(),
        acknowledged: intake.acknowledged(),
        kept_unheard: kept.len() - intake.acknowledged(),
        arrived: arrivals.len(),
        again,
    })
}

/// One delivery: it arrived, it is recorded as delivered once, and nothing was sent after that. How often it arrived
/// without being recorded.
fn check_delivery(delivery: &Delivery, arrivals: &[Arrival], kills: &[i64]) -> Result<usize> {
    ensure!(delivery.status == DeliveryStatus::Delivered, "it is {}", delivery.status.as_str());
    let accepted: Vec<_> = delivery.attempts.iter().filter(|attempt| attempt.accepted()).collect();
    let [only] = accepted.as_slice() else {
        anyhow::bail!("{} attempts are recorded as accepted", accepted.len());
    };
    ensure!(delivery.attempts.last() == Some(*only), "it was tried again after it was recorded as delivered");
    let last = arrivals.last().context("it is recorded as delivered and never arrived")?;
    // Each arrival but the last was made by a server that was killed before it could write it down. The last must be of
    // the very server that wrote it down: were it of a later one, something recorded as delivered was sent again.
    let began = only.started.as_millis();
    ensure!(last.at >= began - 1, "it began at {began} and the last call came at {}", last.at);
    let between = kills.iter().find(|kill| (began + 1..last.at).contains(kill));
    ensure!(between.is_none(), "it was recorded as begun at {began}, the server killed at {between:?}, and sent again");
    let servers = kills.iter().filter(|kill| **kill <= last.at + 1).count() + 1;
    ensure!(arrivals.len() <= servers, "it arrived {} times from {servers} servers", arrivals.len());
    Ok(arrivals.len() - 1)
}

/// The calls that were accepted, by slot and number.
fn arrivals(account: &Account) -> HashMap<(usize, usize), Vec<Arrival>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for arrival in account.journal() {
        found.entry((arrival.slot, arrival.number)).or_default().push(arrival);
    }
    found
}

/// The numbers of the events that the server knows, by their ids.
async fn numbers(api: &Api, outcomes: &HashMap<usize, Handed>, log: &[Delivery]) -> Result<HashMap<String, usize>> {
    let acknowledged: HashMap<&str, usize> = outcomes
        .iter()
        .filter_map(|(number, handed)| match handed {
            Handed::Acknowledged(id) => Some((id.as_str(), *number)),
            _ => None,
        })
        .collect();
    let mut numbers = HashMap::new();
    for delivery in log {
        let event = delivery.event.clone().context("a test call is in the log")?;
        if numbers.contains_key(&event) {
            continue;
        }
        let number = match acknowledged.get(event.as_str()) {
            Some(number) => *number,
            // Nobody heard of it: its body tells which it is.
            None => number_of(api, &delivery.id).await?,
        };
        ensure!(numbers.values().all(|known| *known != number), "event {number} is kept twice");
        numbers.insert(event, number);
    }
    Ok(numbers)
}

async fn number_of(api: &Api, delivery: &str) -> Result<usize> {
    let whole: Value = api.ok("GET", &format!("/v1/deliveries/{delivery}"), None).await?;
    let body = whole["attempts"][0]["request"]["body"].as_str().context("an attempt without its body")?;
    let (number, _) = read(body.as_bytes()).context("a body that is none of ours")?;
    Ok(usize::try_from(number)?)
}

fn shown(delivery: &Delivery) -> String {
    serde_json::to_string(delivery).unwrap_or_default()
}
