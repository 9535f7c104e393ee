//! A name has several addresses, and not all of them answer.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use seinpost_protocol::rest::ErrorKind;
use seinpost_server::egress::{self, Egress, Limits, Resolve, ResolveError};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
};

use crate::{
    egress::{QUICK, assert_failed, closed_port, egress, post},
    support::{app::Names, raw},
};

/// A way out that knows one name, and may go to the addresses of tests and of documentation.
fn knowing(addresses: Vec<IpAddr>, limits: Limits) -> Egress {
    let names = Names(vec![("several.example", addresses)]);
    let allowed = vec!["127.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
    Egress::new(Arc::new(names), egress::trust(None).unwrap(), None, allowed, limits)
}

/// An address at which connections stay half open: the queue of its listener is full, and nobody accepts.
async fn full_queue(address: String) -> (SocketAddr, (TcpListener, Vec<TcpStream>)) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(address.parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
        held.push(stream.unwrap());
    }
    (address, (listener, held))
}

/// Answers one call there.
async fn answer_at(address: &str, port: u16) {
    let good = TcpListener::bind((address, port)).await.unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = good.accept().await.unwrap();
        raw::read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    });
}

#[tokio::test]
async fn a_name_with_many_addresses_of_ipv6_is_reached_over_ipv4() {
    let good = raw::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    // All of IPv6 before all of IPv4, as a resolver names them; nothing leads to those of documentation.
    let mut addresses: Vec<IpAddr> = (1..=8).map(|n| format!("2001:db8::{n}").parse().unwrap()).collect();
    addresses.push(good.ip());
    let outcome = post(&knowing(addresses, QUICK), &format!("http://several.example:{}/", good.port())).await;
    assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
    assert_eq!(outcome.peer.map(|peer| peer.address), Some(good.ip()));
}

#[tokio::test]
async fn an_address_that_does_not_answer_holds_up_the_next_for_a_moment_only() {
    let (first, _queue) = full_queue("127.0.0.1:0".into()).await;
    let (second, _other) = full_queue(format!("127.0.0.2:{}", first.port())).await;
    let (third, _another) = full_queue(format!("127.0.0.3:{}", first.port())).await;
    answer_at("127.0.0.4", first.port()).await;
    let addresses = vec![first.ip(), second.ip(), third.ip(), "127.0.0.4".parse().unwrap()];
    let egress = knowing(addresses, Limits::default());
    let outcome = post(&egress, &format!("http://several.example:{}/", first.port())).await;
    assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
    // A quarter of a second each, not a quarter of the five seconds.
    assert!(outcome.duration < Duration::from_millis(2500), "{:?}", outcome.duration);
}

/// Tells when it was asked.
struct Telling(Names, Mutex<Option<oneshot::Sender<()>>>);

#[async_trait]
impl Resolve for Telling {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        if let Some(tell) = self.1.lock().unwrap().take() {
            let _ = tell.send(());
        }
        self.0.resolve(host).await
    }

    async fn txt(&self, name: &str) -> Result<Vec<Vec<u8>>, ResolveError> {
        self.0.txt(name).await
    }
}

#[tokio::test]
async fn an_address_goes_on_being_tried_beside_the_next() {
    let (first, (listener, _held)) = full_queue("127.0.0.1:0".into()).await;
    let (second, _queue) = full_queue(format!("127.0.0.2:{}", first.port())).await;
    let (tell, told) = oneshot::channel();
    let names = Names(vec![("several.example", vec![first.ip(), second.ip()])]);
    let allowed = vec!["127.0.0.0/8".parse().unwrap()];
    // The network tries again after a second, which is more than half of this.
    let limits = Limits { connect: Duration::from_millis(1800), ..Limits::default() };
    let telling = Arc::new(Telling(names, Mutex::new(Some(tell))));
    let egress = Egress::new(telling, egress::trust(None).unwrap(), None, allowed, limits);
    tokio::spawn(async move {
        // Once the first has not taken the connection it takes all: the call goes on in one go from when it knows the name.
        told.await.unwrap();
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                if !raw::read_request(&mut stream).await.is_empty() {
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
                }
            });
        }
    });
    let outcome = post(&egress, &format!("http://several.example:{}/", first.port())).await;
    assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
    assert_eq!(outcome.peer.map(|peer| peer.address), Some(first.ip()));
    assert!(outcome.duration > Duration::from_millis(900), "it was not taken at once: {:?}", outcome.duration);
}

#[tokio::test]
async fn a_receiver_that_takes_no_connection_ends_with_the_time_to_connect() {
    let (dead, _queue) = full_queue("127.0.0.1:0".into()).await;
    let outcome = post(&egress(), &format!("http://{dead}/")).await;
    assert_failed(&outcome, ErrorKind::Timeout, &format!("{dead}"));
    assert!(outcome.duration >= QUICK.connect && outcome.duration < QUICK.whole, "{:?}", outcome.duration);

    // However short the time is, the second address gets its turn.
    answer_at("127.0.0.2", dead.port()).await;
    let egress = knowing(vec![dead.ip(), "127.0.0.2".parse().unwrap()], QUICK);
    let outcome = post(&egress, &format!("http://several.example:{}/", dead.port())).await;
    assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
}

#[tokio::test]
async fn each_address_is_told_with_what_came_of_it_and_the_time_that_it_had() {
    let (first, _queue) = full_queue("127.0.0.1:0".into()).await;
    let (second, _other) = full_queue(format!("127.0.0.2:{}", first.port())).await;
    let addresses = vec![first.ip(), second.ip(), "127.0.0.3".parse().unwrap()];
    let outcome = post(&knowing(addresses, QUICK), &format!("http://several.example:{}/", first.port())).await;
    let third = format!("127.0.0.3:{}", first.port());
    assert_failed(&outcome, ErrorKind::Timeout, &format!("{first} did not answer within 0."));
    assert_failed(&outcome, ErrorKind::Timeout, &format!("{second} did not answer within 0."));
    assert_failed(&outcome, ErrorKind::Timeout, &format!("Nothing listens at {third}: the connection was refused."));
    let detail = outcome.failure.unwrap().detail;
    assert!(!detail.contains(&format!("{second} did not answer within 0.4 s")), "it was not the first: {detail}");
    assert_eq!(detail.matches("let it accept connections from this machine").count(), 1, "{detail}");
    assert!(outcome.duration >= QUICK.connect && outcome.duration < QUICK.whole, "{:?}", outcome.duration);

    // Where none of them takes time, none is taken.
    let port = closed_port().await;
    let addresses = (1..=4).map(|n| IpAddr::from([127, 0, 0, n])).collect();
    let outcome = post(&knowing(addresses, Limits::default()), &format!("http://several.example:{port}/")).await;
    for n in 1..=4 {
        assert_failed(&outcome, ErrorKind::Connect, &format!("Nothing listens at 127.0.0.{n}:{port}"));
    }
    assert!(outcome.duration < Duration::from_secs(1), "{:?}", outcome.duration);
}

#[tokio::test]
async fn of_very_many_addresses_that_are_not_called_the_first_are_named() {
    let good = raw::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let mut addresses: Vec<IpAddr> = (0..4000_u32).map(|n| IpAddr::from((0x0a00_0000 + n).to_be_bytes())).collect();
    addresses.push(good.ip());
    let url = format!("http://several.example:{}/", good.port());
    let outcome = post(&knowing(addresses, Limits::default()), &url).await;
    assert_failed(&outcome, ErrorKind::RefusedTarget, "10.0.0.3, which is not called: private");
    let detail = outcome.failure.unwrap().detail;
    assert!(detail.ends_with(" And 3996 more."), "{detail}");
    assert!(!detail.contains("10.0.0.4,") && detail.len() < 600, "{detail}");
}
