//! Connections that are kept for the next call.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use seinpost_protocol::rest::{ErrorKind, Peer};
use tokio::io::AsyncWriteExt as _;

use crate::{
    egress::{assert_failed, egress, post},
    support::{raw, within},
};

#[tokio::test]
async fn a_kept_alive_connection_that_died_is_tried_once_more_on_a_fresh_one() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let address = raw::listen(move |mut stream, number| {
        let requests = Arc::clone(&counted);
        async move {
            raw::read_request(&mut stream).await;
            requests.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            if number == 0 {
                // The next request on this connection is read, and answered with nothing at all.
                raw::read_request(&mut stream).await;
                requests.fetch_add(1, Ordering::SeqCst);
            }
        }
    })
    .await;
    let egress = egress();
    let url = format!("http://{address}/");
    assert_eq!(post(&egress, &url).await.answer.unwrap().status, 200);
    let second = post(&egress, &url).await;
    assert_eq!(second.answer.unwrap().status, 200);
    assert_eq!(second.failure, None);
    assert_eq!(requests.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_fresh_connection_that_dies_is_not_tried_again() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let address = raw::listen(move |mut stream, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            raw::read_request(&mut stream).await;
        }
    })
    .await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    assert_failed(&outcome, ErrorKind::Connect, "closed the connection without an answer");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn connections_are_kept_and_used_again() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let address = raw::listen(move |mut stream, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            while !raw::read_request(&mut stream).await.is_empty() {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
            }
        }
    })
    .await;
    let egress = egress();
    for _ in 0..5 {
        let outcome = post(&egress, &format!("http://receiver.example:{}/", address.port())).await;
        assert_eq!(outcome.answer.unwrap().status, 200);
        // The kept connection, too, tells where it goes.
        assert_eq!(outcome.peer, Some(Peer { address: address.ip(), port: address.port(), tls: None }));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_more_connections_are_kept_than_the_cap_says() {
    // Each connection answers once it has been told to, so that all are open at the same time.
    let (open, mut opened) = tokio::sync::mpsc::unbounded_channel();
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let (closed, mut closings) = tokio::sync::mpsc::unbounded_channel();
    let wait = Arc::clone(&gate);
    let address = raw::listen(move |mut stream, number| {
        let (open, closed, gate) = (open.clone(), closed.clone(), Arc::clone(&wait));
        async move {
            raw::read_request(&mut stream).await;
            let _ = open.send(number);
            let _ = gate.acquire().await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
            // Until we close it.
            raw::read_request(&mut stream).await;
            let _ = closed.send(number);
        }
    })
    .await;
    let egress = egress();
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let (egress, url) = (egress.clone(), format!("http://{address}/"));
            tokio::spawn(async move { post(&egress, &url).await })
        })
        .collect();
    for _ in 0..10 {
        within("a connection", opened.recv()).await.unwrap();
    }
    gate.add_permits(1000);
    for call in calls {
        assert_eq!(call.await.unwrap().answer.unwrap().status, 200);
    }
    // Four to a host are kept; the others are closed.
    for _ in 0..6 {
        within("a connection's end", closings.recv()).await.unwrap();
    }
    assert!(closings.try_recv().is_err(), "a fifth was closed");
    drop(egress);
    for _ in 0..4 {
        within("a connection's end", closings.recv()).await.unwrap();
    }
}
