//! How often a network is answered over UDP: an address there can be forged, and an answer is larger than its question.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How many networks are remembered.
const NETWORKS: usize = 4096;
/// For how long.
const WINDOW: Duration = Duration::from_secs(1);

/// Counts the answers to each network.
pub(super) struct Rate {
    most: u32,
    networks: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

/// What becomes of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is answered.
    Answer,
    /// It is told to come over TCP, where addresses cannot be forged.
    Truncate,
    /// Nothing.
    Drop,
}

impl Rate {
    /// `most` answers a second to one network.
    pub(super) fn new(most: u32) -> Self {
        Self { most, networks: Mutex::default() }
    }

    /// What becomes of a question from `source` at `now`.
    pub(super) fn turn(&self, source: IpAddr, now: Instant) -> Turn {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        let network = network(source);
        if networks.len() >= NETWORKS && !networks.contains_key(&network) {
            networks.retain(|_, (began, _)| now.duration_since(*began) < WINDOW);
            if networks.len() >= NETWORKS {
                // More networks within a second than are remembered: a flood of forged ones.
                return Turn::Truncate;
            }
        }
        let (began, count) = networks.entry(network).or_insert((now, 0));
        if now.duration_since(*began) >= WINDOW {
            (*began, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        match *count {
            count if count <= self.most => Turn::Answer,
            // Every second one, so that a real resolver behind the same network gets through.
            count if count.is_multiple_of(2) => Turn::Truncate,
            _ => Turn::Drop,
        }
    }
}

/// The /24 or /56 of an address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::from((u32::from(address) & 0xffff_ff00).to_be_bytes()),
        IpAddr::V6(address) => IpAddr::from((u128::from(address) & (u128::MAX << 72)).to_be_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_gets_its_share_a_second() {
        let rate = Rate::new(2);
        let now = Instant::now();
        let turn = |address: &str, now| rate.turn(address.parse().unwrap(), now);
        assert_eq!(turn("192.0.2.1", now), Turn::Answer);
        assert_eq!(turn("192.0.2.200", now), Turn::Answer);
        assert_eq!(turn("192.0.2.3", now), Turn::Drop);
        assert_eq!(turn("192.0.2.3", now), Turn::Truncate);
        assert_eq!(turn("192.0.3.3", now), Turn::Answer, "another network");
        assert_eq!(turn("192.0.2.3", now + WINDOW), Turn::Answer, "another second");
        assert_eq!(network("2001:db8:1:2ff:3::4".parse().unwrap()), "2001:db8:1:200::".parse::<IpAddr>().unwrap());
    }

    #[test]
    fn a_flood_of_forged_addresses_takes_no_more_memory() {
        let rate = Rate::new(100);
        let now = Instant::now();
        for number in 0..20_000u32 {
            rate.turn(IpAddr::from((number << 8).to_be_bytes()), now);
        }
        assert!(rate.networks.lock().unwrap().len() <= NETWORKS);
        assert_eq!(rate.turn(IpAddr::from([200, 1, 1, 1]), now), Turn::Truncate);
        assert_eq!(rate.turn(IpAddr::from([200, 1, 1, 1]), now + WINDOW), Turn::Answer);
    }
}
