//! What a lane takes, holds and gives back.

use super::*;
use crate::store::{Course, EventKind, WebhookKey};

/// What the store hands over after a commit.
fn fresh(id: i64) -> Fresh {
    Fresh {
        id: DeliveryId(id),
        course: Course {
            event: EventId(id),
            event_type: EventKind::WebhookDisabled,
            webhook: WebhookKey(1),
            environment: 1,
        },
        payload: None,
    }
}

fn row(id: i64) -> DueDelivery {
    DueDelivery { id: DeliveryId(id), event: EventId(id), attempts: 0, due: 0, tried: None }
}

fn ready(lane: &mut Lane) -> Vec<i64> {
    std::iter::from_fn(|| lane.ready.pop()).map(|job| job.id.0).collect()
}

#[test]
fn what_is_committed_while_the_store_is_asked_is_not_forgotten() {
    let limits = Limits::default();
    let mut lane = Lane::new(1, true);
    assert!(lane.wants_attention(&limits));
    lane.attending = true;
    // The store has answered, with all there was; before the answer is taken, there are more: of the first it knew.
    for id in [7, 8, 9] {
        assert!(!lane.fresh(fresh(id), true, 4, &limits, 0), "it waits for the answer");
    }
    lane.refill(&[row(6), row(7)], &FxHashMap::default(), true, &limits, 0);
    lane.attended();
    assert!(!lane.behind);
    assert!(lane.fresh(fresh(10), true, 9, &limits, 0), "it has caught up");
    assert_eq!(ready(&mut lane), [6, 7, 8, 9, 10]);
}

#[test]
fn what_there_is_no_room_for_while_the_store_is_asked_is_asked_for_again() {
    let limits = Limits { lane: 2, ..Limits::default() };
    for (answer, complete, more) in [(vec![], true, 3), (vec![row(6)], false, 1)] {
        let mut lane = Lane::new(1, true);
        lane.attending = true;
        for id in 7..7 + more {
            assert!(!lane.fresh(fresh(id), true, 2, &limits, 0));
        }
        lane.refill(&answer, &FxHashMap::default(), complete, &limits, 0);
        lane.attended();
        assert_eq!(ready(&mut lane).len(), answer.len(), "the store has the others");
        assert!(lane.wants_attention(&limits), "the store is asked again");
        lane.attending = true;
        lane.refill(&[row(7)], &FxHashMap::default(), true, &limits, 0);
        lane.attended();
        assert_eq!((ready(&mut lane), lane.behind), (vec![7], false));
    }
}

#[test]
fn only_a_receiver_that_keeps_up_has_more_held_for_it() {
    let limits = Limits { lane: 2, per_webhook: 8, ..Limits::default() };
    let mut lane = Lane::new(1, false);
    let held =
        |lane: &mut Lane, from: i64| (from..from + 9).filter(|id| lane.fresh(fresh(*id), true, 5, &limits, 0)).count();
    assert_eq!(held(&mut lane, 1), 2, "nothing is known of it yet");
    let mut lane = Lane::new(1, false);
    for _ in 0..64 {
        lane.throttle.record(Outcome::Accepted, 0);
    }
    assert_eq!(held(&mut lane, 1), 5);
}

fn accepts(lane: &mut Lane, times: usize) {
    for _ in 0..times {
        lane.throttle.record(Outcome::Accepted, 0);
    }
}

#[test]
fn whoever_has_shown_nothing_fails_or_is_slow_does_not_keep_up() {
    for per_webhook in [1, 2, 4, 16] {
        let limits = Limits { lane: 2, per_webhook, ..Limits::default() };
        let mut lane = Lane::new(1, false);
        assert!(!lane.keeps_up(&limits, 0), "nothing is known of it");
        accepts(&mut lane, per_webhook);
        assert!(lane.keeps_up(&limits, 0));
        lane.fresh(fresh(1), true, 5, &limits, 0);
        assert!(lane.keeps_up(&limits, KEEPING_UP - 1) && !lane.keeps_up(&limits, KEEPING_UP), "it waits for long");
        lane.throttle.record(Outcome::Prevented, 0);
        assert!(!lane.keeps_up(&limits, 0), "nothing can be sent");
        accepts(&mut lane, 1);
        assert!(lane.keeps_up(&limits, 0));
        for _ in 0..5 {
            lane.throttle.record(Outcome::Failed, 0);
        }
        assert!(!lane.keeps_up(&limits, 0), "it fails");
    }
}

/// An event that was handed in just before it.
#[test]
fn a_deletion_is_asked_about_no_more_than_once_until_nothing_is_on_its_way() {
    let limits = Limits::default();
    let mut lane = Lane::new(1, false);
    lane.active.insert(DeliveryId(3));
    lane.changed();
    assert!(lane.wants_attention(&limits));
    lane.attending = true;
    assert!(!lane.fresh(fresh(7), true, 2048, &limits, 0));
    lane.gone();
    lane.attended();
    assert!(!lane.wants_attention(&limits) && lane.held() == 0, "the store has cancelled it");
    lane.put_back(vec![]);
    lane.finished(DeliveryId(3), None);
    assert!(lane.wants_attention(&limits), "to be dropped");
}

#[test]
fn what_could_not_be_sent_goes_before_what_came_later() {
    let limits = Limits::default();
    let mut lane = Lane::new(1, false);
    for id in [1, 2, 3, 4, 5] {
        lane.fresh(fresh(id), true, 9, &limits, 0);
    }
    let first = [lane.ready.pop().unwrap(), lane.ready.pop().unwrap(), lane.ready.pop().unwrap()];
    lane.active.extend(first.iter().map(|job| job.id));
    let [one, two, three] = first;
    lane.give_back(vec![two]);
    lane.give_back(vec![three, one]);
    assert_eq!((ready(&mut lane), lane.is_idle()), (vec![1, 2, 3, 4, 5], true));
}

#[test]
fn what_comes_meanwhile_and_what_is_here_share_the_room() {
    let limits = Limits { lane: 4, ..Limits::default() };
    let mut lane = Lane::new(1, false);
    for id in [1, 2, 3] {
        lane.fresh(fresh(id), true, 4, &limits, 0);
    }
    lane.wake();
    lane.attending = true;
    for id in [4, 5] {
        lane.fresh(fresh(id), true, 4, &limits, 0);
    }
    assert_eq!((lane.held(), lane.missed), (4, true));
}
