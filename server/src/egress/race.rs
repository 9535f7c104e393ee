//! Connecting to a name that has several addresses, as RFC 8305 says.

use std::{
    net::{IpAddr, SocketAddr},
    pin::pin,
    time::Duration,
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::{
    net::TcpStream,
    time::{Instant, sleep_until},
};

use super::failure::{self, Failure, Unconnected};

/// How many addresses of a name are tried.
const ADDRESSES: usize = 4;

/// How long an address is waited for before the next one is tried beside it: the Connection Attempt Delay of RFC 8305,
/// section 5.
const DELAY: Duration = Duration::from_millis(250);

/// The addresses that are tried, in order, each once: of both families in turn, beginning with that of the first (RFC 8305,
/// section 4). A resolver names all of one family before the other, and from many machines nothing leads to that one.
pub(super) fn in_turn(addresses: impl Iterator<Item = IpAddr>) -> Vec<IpAddr> {
    let mut first: Vec<IpAddr> = Vec::with_capacity(ADDRESSES);
    let mut second: Vec<IpAddr> = Vec::new();
    for each in addresses {
        let is_other = first.first().is_some_and(|first| first.is_ipv4() != each.is_ipv4());
        let family = if is_other { &mut second } else { &mut first };
        if family.len() < ADDRESSES && !family.contains(&each) {
            family.push(each);
        }
    }
    for (index, each) in second.into_iter().enumerate() {
        first.insert(first.len().min(2 * index + 1), each);
    }
    first.truncate(ADDRESSES);
    first
}

/// Connects to the first address that answers. Where one fails, or does not answer for a moment, the next is tried beside
/// those before it (RFC 8305, section 5); all of them are tried before the deadline.
pub(super) async fn connect(addresses: &[SocketAddr], deadline: Instant) -> Result<(TcpStream, SocketAddr), Failure> {
    if addresses.is_empty() {
        return Err(failure::internal("There is no address to connect to."));
    }
    let mut left = addresses.iter().copied().enumerate();
    let mut begun = Vec::with_capacity(addresses.len());
    let mut failed: Vec<Option<Unconnected>> = Vec::new();
    failed.resize_with(addresses.len(), || None);
    let mut running = FuturesUnordered::new();
    let mut timer = pin!(sleep_until(deadline));
    loop {
        if let Some((index, address)) = left.next() {
            let now = Instant::now();
            begun.push(now);
            running.push(async move { (index, address, TcpStream::connect(address).await) });
            let others = u32::try_from(left.len()).unwrap_or(u32::MAX);
            let share = deadline.saturating_duration_since(now) / others.saturating_add(1);
            timer.as_mut().reset(if others == 0 { deadline } else { now + share.min(DELAY) });
        }
        // Until it is time for the next: the timer says so, or one that failed.
        loop {
            tokio::select! {
                biased;
                ended = running.next() => match ended {
                    Some((_, address, Ok(stream))) => {
                        // What is sent is one buffer; waiting to fill a packet would only delay its last part.
                        let _ = stream.set_nodelay(true);
                        return Ok((stream, address));
                    }
                    Some((index, address, Err(error))) => {
                        if let Some(place) = failed.get_mut(index) {
                            *place = Some(failure::unconnected(address, &error));
                        }
                        if left.len() > 0 {
                            break;
                        }
                    }
                    // All have failed.
                    None => return Err(failure::connect(failed.into_iter().flatten())),
                },
                () = timer.as_mut() => {
                    if left.len() > 0 {
                        break;
                    }
                    let all = addresses.iter().zip(begun).zip(failed).map(|((address, began), failed)| {
                        failed.unwrap_or_else(|| failure::unanswered(*address, deadline.saturating_duration_since(began)))
                    });
                    return Err(failure::connect(all));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<IpAddr> {
        text.split(' ').filter(|each| !each.is_empty()).map(|each| each.parse().unwrap()).collect()
    }

    #[test]
    fn both_families_have_their_turn_among_the_four_that_are_tried() {
        for (found, tried) in [
            ("", ""),
            ("1.1.1.1", "1.1.1.1"),
            ("1.1.1.1 1.1.1.1 1.1.1.2", "1.1.1.1 1.1.1.2"),
            ("2a00::1 2a00::2 2a00::3 2a00::4 2a00::5 1.1.1.1", "2a00::1 1.1.1.1 2a00::2 2a00::3"),
            ("2a00::1 2a00::2 2a00::3 1.1.1.1 1.1.1.2 1.1.1.3", "2a00::1 1.1.1.1 2a00::2 1.1.1.2"),
            ("2a00::1 1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4", "2a00::1 1.1.1.1 1.1.1.2 1.1.1.3"),
            ("1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 2a00::1", "1.1.1.1 2a00::1 1.1.1.2 1.1.1.3"),
            ("1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5", "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4"),
        ] {
            assert_eq!(in_turn(addresses(found).into_iter()), addresses(tried), "{found}");
        }
    }
}
