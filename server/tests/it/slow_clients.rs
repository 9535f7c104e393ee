//! Clients of the API that are slow, or many, do not keep others out.

use std::time::Duration;

use seinpost_protocol::rest::{Page, Problem, Webhook};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{
    process::{Server, TOKEN},
    within,
};

async fn server(data: &TempDir) -> Server {
    let limits = ["--client-head-timeout", "300ms", "--client-body-timeout", "300ms", "--max-connections", "4"];
    Server::start(data.path(), &limits).await
}

/// Everything that comes until the server closes; this fails where it does not.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = within("the server's closing", stream.read_to_end(&mut bytes)).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_come_in_time_ends_the_connection() {
    let data = TempDir::new().unwrap();
    let server = server(&data).await;
    for beginning in ["", "P", "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.client.address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        until_closed(&mut stream).await;
    }
    // One that drips gets no longer.
    let (mut reading, mut writing) = TcpStream::connect(server.client.address).await.unwrap().into_split();
    let dripping = tokio::spawn(async move {
        let mut drops = tokio::time::interval(Duration::from_millis(20));
        let _ = writing.write_all(b"GET / HTTP/1.1\r\nX-Slow: ").await;
        while writing.write_all(b"a").await.is_ok() {
            drops.tick().await;
        }
    });
    let mut rest = Vec::new();
    let _ = within("the server's closing", reading.read_to_end(&mut rest)).await;
    within("the end of the dripping", dripping).await.unwrap();
    server.client.get("/health/live").await.expect(200);
    server.terminate().await;
}

#[tokio::test]
async fn a_body_that_does_not_come_in_time_is_answered_408_and_ends() {
    let data = TempDir::new().unwrap();
    let server = server(&data).await;
    let calls = [
        ("/v1/events", ""),
        ("/v1/webhook", ""),
        // Its body is read before its handler's turn.
        ("/v1/webhook", "Idempotency-Key: once\r\n"),
    ];
    for (path, field) in calls {
        for drips in [false, true] {
            let stream = TcpStream::connect(server.client.address).await.unwrap();
            let (mut reading, mut writing) = stream.into_split();
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n{field}Content-Length: 100000\r\n\r\n{{"
            );
            writing.write_all(head.as_bytes()).await.unwrap();
            let dripping = tokio::spawn(async move {
                let mut drops = tokio::time::interval(Duration::from_millis(20));
                while drips && writing.write_all(b" ").await.is_ok() {
                    drops.tick().await;
                }
                // Otherwise it is kept open.
                writing
            });
            let mut bytes = Vec::new();
            // What comes after our last byte may be a reset, as it was not read.
            let _ = within("the server's closing", reading.read_to_end(&mut bytes)).await;
            drop(within("the end of the dripping", dripping).await.unwrap());
            let answer = String::from_utf8_lossy(&bytes);
            let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{path}: {answer:?}"));
            assert!(head.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{path} {field}: {answer}");
            let head = head.to_ascii_lowercase();
            assert!(head.contains("\r\ncontent-type: application/problem+json"), "{answer}");
            assert!(head.contains("\r\nconnection: close"), "{answer}");
            let problem: Problem = serde_json::from_str(body).unwrap();
            assert_eq!((problem.kind.as_str(), problem.status), ("urn:seinpost:problem:request-timeout", 408));
            assert_eq!(
                problem.detail.unwrap(),
                "The body did not come within 0.3 s. Nothing of it was kept; make the call again."
            );
        }
    }
    assert_eq!(server.client.get("/v1/webhooks").await.expect(200).json::<Page<Webhook>>().data, []);
    server.terminate().await;
}

#[tokio::test]
async fn more_connections_than_there_is_room_for_wait_their_turn() {
    let data = TempDir::new().unwrap();
    let server = server(&data).await;
    // As many as there may be, and they say nothing: each is closed in time, and whoever waited gets in.
    let mut silent = Vec::new();
    for _ in 0..12 {
        silent.push(TcpStream::connect(server.client.address).await.unwrap());
    }
    within("an answer", server.client.get("/health/live")).await.expect(200);
    for mut stream in silent {
        until_closed(&mut stream).await;
    }
    server.terminate().await;
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answers_is_cut_off() {
    let data = TempDir::new().unwrap();
    let server = server(&data).await;
    // More than sockets keep: some hundred kilobytes each, on each of the four connections that there may be.
    let asked = 200;
    let length = server.client.get("/openapi.json").await.expect(200).body.len();
    assert!(asked * length > 20_000_000, "{length}");
    let requests = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(asked);
    let mut stuck = Vec::new();
    for _ in 0..4 {
        let mut stream = TcpStream::connect(server.client.address).await.unwrap();
        stream.write_all(requests.as_bytes()).await.unwrap();
        stuck.push(stream);
    }
    // A place is free only once one of them is cut off.
    within("a place", server.client.get("/health/live")).await.expect(200);
    let mut taken = Vec::new();
    for stream in &mut stuck {
        taken.push(until_closed(stream).await.len());
    }
    assert!(taken.iter().any(|taken| *taken < asked * length), "all of {taken:?} bytes were sent");
    server.terminate().await;
}
