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
    lane::{LONGEST_HOLD, Lane, Turn},
    ready::Work,
};
use crate::store::WebhookKey;

/// A call to make.
pub(super) struct Task {
    pub(super) key: WebhookKey,
    pub(super) receiver: Arc<Receiver>,
    pub(super) work: Work,
}

/// The part of one environment.
#[derive(Debug, Default)]
struct Environment {
    /// Its lanes that can have a turn.
    line: VecDeque<WebhookKey>,
    /// How many calls of it are under way.
    running: usize,
    /// Whether it stands in line for a turn.
    queued: bool,
}

impl Environment {
    /// How many more calls it may have under way, where `free` more can be made in all: as many are left for others as it
    /// has. An environment that is alone gets half of what there is, of two that want all each gets a third.
    fn left(&self, free: usize) -> usize {
        free.saturating_sub(self.running)
    }
}

/// How many calls one webhook may have under way, where its environment may have `left` more: however many receivers are
/// slow at once, something is left for the next one.
fn share(left: usize) -> usize {
    (left / 2).max(1)
}

/// What is known of all webhooks with something to send.
#[derive(Default)]
pub(super) struct State {
    pub(super) lanes: FxHashMap<WebhookKey, Lane>,
    /// The environments that have a lane in line, and what is known of each: both take turns.
    pub(super) line: VecDeque<u64>,
    environments: FxHashMap<u64, Environment>,
    /// Lanes that want the store asked.
    pub(super) wanting: Vec<WebhookKey>,
    /// When lanes have something due; entries can be outdated.
    timers: BinaryHeap<Reverse<(i64, WebhookKey)>>,
    /// Until when lanes are held; entries can be outdated.
    holds: BinaryHeap<Reverse<(i64, WebhookKey)>>,
    pub(super) running: usize,
    /// Deliveries that all lanes hold to be sent.
    held: usize,
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

    /// How many deliveries a lane may hold whose receiver keeps up.
    pub(super) fn room(&self, limits: &Limits) -> usize {
        if self.held < limits.lanes { limits.lane_of_the_quick } else { limits.lane }
    }

    /// Drops a lane.
    pub(super) fn forget(&mut self, key: WebhookKey) {
        if let Some(lane) = self.lanes.remove(&key) {
            self.held -= lane.counted;
        }
    }

    /// Puts a lane in the lines where it belongs; after each change of it.
    pub(super) fn arrange(&mut self, key: WebhookKey, limits: &Limits, now: i64) {
        let Some(lane) = self.lanes.get_mut(&key) else { return };
        self.held = self.held - lane.counted + lane.held();
        lane.counted = lane.held();
        if lane.wants_attention(limits) {
            lane.attending = true;
            self.wanting.push(key);
        }
        if lane.queued {
            return;
        }
        match lane.turn(limits, now) {
            Turn::Now => {
                let id = lane.environment;
                let environment = self.environments.entry(id).or_default();
                // With its share under way it waits until one of these calls is over.
                if lane.running() >= share(environment.left(limits.in_all.saturating_sub(self.running))) {
                    return;
                }
                lane.queued = true;
                environment.line.push_back(key);
                if !environment.queued {
                    environment.queued = true;
                    self.line.push_back(id);
                }
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
        let free = limits.in_all - self.running;
        while let Some(id) = self.line.pop_front() {
            let Some(environment) = self.environments.get_mut(&id) else { continue };
            let left = environment.left(free);
            // With its share under way it is out of line, until one of these calls is over.
            if left == 0 {
                environment.queued = false;
                continue;
            }
            let key = environment.line.pop_front();
            if environment.line.is_empty() {
                environment.queued = false;
            } else {
                self.line.push_back(id);
            }
            let Some(key) = key else { continue };
            let Some(lane) = self.lanes.get_mut(&key) else { continue };
            lane.queued = false;
            let taken = if lane.running() < share(left) { lane.take(limits, now) } else { None };
            if let Some((receiver, work)) = taken {
                environment.running += 1;
                self.running += 1;
                self.unwritten += work.jobs().len();
                self.arrange(key, limits, now);
                return Some(Task { key, receiver, work });
            }
            self.arrange(key, limits, now);
        }
        None
    }

    /// A call is over.
    pub(super) fn called(&mut self, id: u64) {
        self.running = self.running.saturating_sub(1);
        let Some(environment) = self.environments.get_mut(&id) else { return };
        environment.running = environment.running.saturating_sub(1);
        if environment.line.is_empty() {
            if environment.running == 0 && !environment.queued {
                self.environments.remove(&id);
            }
        } else if !environment.queued {
            environment.queued = true;
            self.line.push_back(id);
        }
    }

    /// Lets the lanes go on that were held until now; until when the next one is.
    pub(super) fn release_due(&mut self, now: i64, limits: &Limits) -> Option<i64> {
        while let Some(Reverse((until, key))) = self.holds.peek().copied() {
            let current = self.lanes.get(&key).and_then(|lane| lane.hold);
            if current == Some(until) && until > now && until - now <= LONGEST_HOLD {
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
            let lane = self.lanes.get(&key).filter(|lane| lane.next_due.is_some_and(|next| next.at == due));
            if lane.is_some_and(|lane| lane.is_early(limits, now)) {
                return Some(due);
            }
            let is_current = lane.is_some();
            self.timers.pop();
            if is_current && let Some(lane) = self.lanes.get_mut(&key) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::{DeliveryId, EventId},
        store::{Course, EventKind, Fresh},
    };

    #[test]
    fn what_all_lanes_hold_is_known_and_leaves_each_no_more_than_its_own() {
        let limits = Limits { lane: 2, lane_of_the_quick: 5, lanes: 4, ..Limits::default() };
        let mut state = State::default();
        let hand_in = |state: &mut State, key: i64, id: i64| {
            let key = WebhookKey(key);
            let course =
                Course { event: EventId(id), event_type: EventKind::WebhookDisabled, webhook: key, environment: 1 };
            let most = state.room(&limits);
            let lane = state.lanes.entry(key).or_insert_with(|| Lane::new(1, false));
            lane.fresh(Fresh { id: DeliveryId(id), course, payload: None }, true, most, &limits, 0);
            state.arrange(key, &limits, 0);
            most
        };
        let rooms: Vec<_> = (1..=6).map(|id| hand_in(&mut state, id % 3, id)).collect();
        assert_eq!((rooms, state.held), (vec![5, 5, 5, 5, 2, 2], 6));
        state.forget(WebhookKey(1));
        assert_eq!((state.held, state.room(&limits)), (4, 2));
        state.lanes.get_mut(&WebhookKey(2)).unwrap().changed();
        state.arrange(WebhookKey(2), &limits, 0);
        assert_eq!((state.held, state.room(&limits)), (2, 5));
        state.forget(WebhookKey(9));
        assert_eq!(state.held, 2);
    }
}
