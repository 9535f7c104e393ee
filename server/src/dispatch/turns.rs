//! Whose turn it is: the lanes of all webhooks, in lines, and the times for which they wait.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    sync::Arc,
};

use rustc_hash::FxHashMap;
use tokio::sync::oneshot;

use super::{
    Limits, Receiver,
    lane::{Lane, Turn, Work},
};
use crate::store::WebhookKey;

/// A call to make.
pub(super) struct Task {
    pub(super) key: WebhookKey,
    pub(super) receiver: Arc<Receiver>,
    pub(super) work: Work,
}

/// What is known of all webhooks with something to send.
#[derive(Default)]
pub(super) struct State {
    pub(super) lanes: FxHashMap<WebhookKey, Lane>,
    /// The environments that have a lane in line, and the lanes of each: both take turns.
    pub(super) line: VecDeque<u64>,
    lines: FxHashMap<u64, VecDeque<WebhookKey>>,
    /// Lanes that want the store asked.
    pub(super) wanting: Vec<WebhookKey>,
    /// When lanes have something due; entries can be outdated.
    timers: BinaryHeap<Reverse<(i64, WebhookKey)>>,
    /// Until when lanes are held; entries can be outdated.
    holds: BinaryHeap<Reverse<(i64, WebhookKey)>>,
    pub(super) running: usize,
    /// Deliveries that are being sent, or were and are being written down.
    pub(super) unwritten: usize,
    /// Whether the driver may have to wait for less long than it does.
    pub(super) changed: bool,
    /// Those who make calls and have none to make now.
    idle: Vec<oneshot::Sender<Task>>,
    /// Whether no more calls are made.
    is_over: bool,
}

/// How many of them wait for the next call; more end, and are begun anew when they are needed.
const MOST_IDLE: usize = 256;

impl State {
    /// Where one who has no call to make waits for the next, if there are not enough who do.
    pub(super) fn wait_for_call(&mut self) -> Option<oneshot::Receiver<Task>> {
        if self.is_over || self.idle.len() >= MOST_IDLE {
            return None;
        }
        let (hand, next) = oneshot::channel();
        self.idle.push(hand);
        Some(next)
    }

    /// Gives a call to one who waits for it; gives it back if nobody does.
    pub(super) fn give(&mut self, mut task: Task) -> Option<Task> {
        while let Some(hand) = self.idle.pop() {
            match hand.send(task) {
                Ok(()) => return None,
                // It was given up meanwhile.
                Err(back) => task = back,
            }
        }
        Some(task)
    }

    /// Sends those home who wait for a call: there is none any more.
    pub(super) fn dismiss(&mut self) {
        self.is_over = true;
        self.idle.clear();
    }

    /// Puts a lane in the lines where it belongs.
    pub(super) fn arrange(&mut self, key: WebhookKey, limits: &Limits, now: i64) {
        let Some(lane) = self.lanes.get_mut(&key) else { return };
        if lane.wants_attention(limits) {
            lane.attending = true;
            self.wanting.push(key);
        }
        if lane.queued {
            return;
        }
        match lane.turn(limits, now) {
            Turn::Now => {
                lane.queued = true;
                let environment = lane.environment;
                let line = self.lines.entry(environment).or_default();
                if line.is_empty() {
                    self.line.push_back(environment);
                }
                line.push_back(key);
            }
            Turn::At(time) if lane.hold != Some(time) => {
                lane.hold = Some(time);
                self.holds.push(Reverse((time, key)));
                self.changed = true;
            }
            Turn::At(_) | Turn::Waits => {}
        }
    }

    /// The next call: the next environment's next webhook's first.
    pub(super) fn next_task(&mut self, limits: &Limits, now: i64) -> Option<Task> {
        // What waits to be written down is bounded too: a store that does not take it stops all.
        if self.is_over || self.running >= limits.in_all || self.unwritten >= limits.in_all.saturating_mul(8) {
            return None;
        }
        while let Some(environment) = self.line.pop_front() {
            let Some(line) = self.lines.get_mut(&environment) else { continue };
            let key = line.pop_front();
            if line.is_empty() {
                self.lines.remove(&environment);
            } else {
                self.line.push_back(environment);
            }
            let Some(key) = key else { continue };
            let Some(lane) = self.lanes.get_mut(&key) else { continue };
            lane.queued = false;
            let taken = lane.take(limits, now);
            self.arrange(key, limits, now);
            if let Some((receiver, work)) = taken {
                self.running += 1;
                self.unwritten += work.jobs().len();
                return Some(Task { key, receiver, work });
            }
        }
        None
    }

    /// Lets the lanes go on that were held until now; until when the next one is.
    pub(super) fn release_due(&mut self, now: i64, limits: &Limits) -> Option<i64> {
        /// Nobody is held for longer than this, in milliseconds: where it is longer, the clock was set back.
        const LONGEST: i64 = 120_000;
        while let Some(Reverse((until, key))) = self.holds.peek().copied() {
            let current = self.lanes.get(&key).and_then(|lane| lane.hold);
            if current == Some(until) && until > now && until - now <= LONGEST {
                return Some(until);
            }
            self.holds.pop();
            if current == Some(until)
                && let Some(lane) = self.lanes.get_mut(&key)
            {
                lane.hold = None;
                self.arrange(key, limits, now);
            }
        }
        None
    }

    /// Wakes the lanes whose time has come; the time of the next.
    pub(super) fn wake_due(&mut self, now: i64, limits: &Limits) -> Option<i64> {
        while let Some(Reverse((due, key))) = self.timers.peek().copied() {
            let current = self.lanes.get(&key).and_then(|lane| lane.next_due);
            if current == Some(due) && due > now {
                return Some(due);
            }
            self.timers.pop();
            if current == Some(due)
                && let Some(lane) = self.lanes.get_mut(&key)
            {
                lane.wake();
                self.arrange(key, limits, now);
            }
        }
        None
    }

    pub(super) fn set_timer(&mut self, key: WebhookKey) {
        if let Some(due) = self.lanes.get_mut(&key).and_then(Lane::new_timer) {
            self.timers.push(Reverse((due, key)));
            self.changed = true;
        }
    }
}
