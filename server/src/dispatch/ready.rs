//! What a lane can send at once, in the order in which to send it.

use std::{collections::VecDeque, sync::Arc};

use rustc_hash::FxHashSet;

use crate::{
    id::{DeliveryId, EventId},
    store::Payload,
};

/// How much room is kept when nothing is here any more.
const KEPT: usize = 256;

/// A delivery that is due.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: DeliveryId,
    pub(super) event: EventId,
    /// How many attempts there were.
    pub(super) attempts: u32,
    /// What to send; the store has it where it is left out.
    pub(super) payload: Option<Arc<Payload>>,
    /// Since when it waits here, in milliseconds since the Unix epoch.
    pub(super) since: i64,
}

/// What goes into one call.
#[derive(Debug)]
pub(super) enum Work {
    One(Job),
    /// At least one, all after the same number of attempts.
    Batch(Vec<Job>),
}

impl Work {
    pub(super) fn jobs(&self) -> &[Job] {
        match self {
            Self::One(job) => std::slice::from_ref(job),
            Self::Batch(jobs) => jobs,
        }
    }
}

/// Deliveries that are due, each once.
#[derive(Debug, Default)]
pub(super) struct Ready {
    jobs: VecDeque<Job>,
    ids: FxHashSet<DeliveryId>,
}

impl Ready {
    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    pub(super) fn first(&self) -> Option<&Job> {
        self.jobs.front()
    }

    pub(super) fn contains(&self, id: DeliveryId) -> bool {
        self.ids.contains(&id)
    }

    /// Adds one as the last, unless it is here.
    pub(super) fn push(&mut self, job: Job) {
        if self.ids.insert(job.id) {
            self.jobs.push_back(job);
        }
    }

    /// Makes these the first, in their order.
    pub(super) fn put_back(&mut self, jobs: Vec<Job>) {
        for job in jobs.into_iter().rev() {
            if self.ids.insert(job.id) {
                self.jobs.push_front(job);
            }
        }
    }

    /// Adds one before the first that came later.
    pub(super) fn insert(&mut self, job: Job) {
        if self.ids.insert(job.id) {
            let place = self.jobs.iter().position(|each| each.id > job.id).unwrap_or(self.jobs.len());
            self.jobs.insert(place, job);
        }
    }

    /// Takes the first.
    pub(super) fn pop(&mut self) -> Option<Job> {
        let job = self.jobs.pop_front()?;
        self.ids.remove(&job.id);
        if self.jobs.is_empty() && self.jobs.capacity() > KEPT {
            // Thousands of lanes may have had a crowd once.
            self.clear();
        }
        Some(job)
    }

    /// Takes the first, and the first ones after it that had as many attempts; at most so many.
    pub(super) fn pop_alike(&mut self, most: usize) -> Option<Vec<Job>> {
        let first = self.pop()?;
        let attempts = first.attempts;
        let mut jobs = vec![first];
        let mut others = VecDeque::new();
        while jobs.len() < most
            && let Some(job) = self.jobs.pop_front()
        {
            if job.attempts == attempts {
                self.ids.remove(&job.id);
                jobs.push(job);
            } else {
                others.push_back(job);
            }
        }
        others.append(&mut self.jobs);
        self.jobs = others;
        if self.jobs.is_empty() && self.ids.capacity() > KEPT {
            self.clear();
        }
        Some(jobs)
    }

    /// Leaves the events of what is here to the store.
    pub(super) fn let_go(&mut self) {
        for job in &mut self.jobs {
            job.payload = None;
        }
    }

    pub(super) fn clear(&mut self) {
        // With the room that it took.
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: i64, attempts: u32) -> Job {
        Job { id: DeliveryId(id), event: EventId(id), attempts, payload: None, since: 0 }
    }

    fn ids(jobs: &[Job]) -> Vec<i64> {
        jobs.iter().map(|job| job.id.0).collect()
    }

    #[test]
    fn each_is_here_once_and_the_order_stays() {
        let mut ready = Ready::default();
        for id in [1, 2, 3, 2] {
            ready.push(job(id, 0));
        }
        assert_eq!(ready.pop().map(|job| job.id.0), Some(1));
        ready.put_back(vec![job(7, 0), job(1, 0), job(3, 0)]);
        assert_eq!((ready.len(), ready.contains(DeliveryId(7))), (4, true));
        assert_eq!(ids(&ready.pop_alike(9).unwrap()), [7, 1, 2, 3]);
        assert!(ready.is_empty() && !ready.contains(DeliveryId(7)) && ready.pop_alike(1).is_none());
    }

    #[test]
    fn the_room_of_a_crowd_is_given_back() {
        let mut ready = Ready::default();
        for id in 0..4000 {
            ready.push(job(id, 0));
        }
        assert!(ready.jobs.capacity() >= 4000);
        while ready.pop().is_some() {}
        assert!(ready.jobs.capacity() <= KEPT && ready.ids.capacity() <= KEPT);
    }

    #[test]
    fn a_batch_is_of_those_with_as_many_attempts() {
        let mut ready = Ready::default();
        for (id, attempts) in [(1, 0), (2, 1), (3, 0), (4, 0)] {
            ready.push(job(id, attempts));
        }
        assert_eq!(ids(&ready.pop_alike(2).unwrap()), [1, 3]);
        assert_eq!((ready.first().map(|job| job.id.0), ready.contains(DeliveryId(3))), (Some(2), false));
        assert_eq!(ids(&ready.pop_alike(2).unwrap()), [2]);
        assert_eq!(ids(&ready.pop_alike(2).unwrap()), [4]);
    }
}
