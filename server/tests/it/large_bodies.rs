//! Bodies that are large, or many, take no more memory than there is, and whoever is refused learns why.

use std::net::SocketAddr;

use seinpost_protocol::rest::Problem;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    events::open,
    support::{
        process::{Server, TOKEN},
        within,
    },
};

const MIB: usize = 1024 * 1024;

/// Begins a call that hands in a batch of this many bytes, of which it sends all but the last.
async fn begun(address: SocketAddr, bytes: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {bytes}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // Empty lines are no events.
    within("the sending", stream.write_all(&vec![b'\n'; bytes - 1])).await.unwrap();
    stream
}

/// The answer, and what became of the connection after it.
async fn answered(stream: &mut TcpStream) -> (String, String) {
    let mut bytes = Vec::new();
    within("the answer", stream.read_to_end(&mut bytes)).await.unwrap();
    let answer = String::from_utf8(bytes).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    (head.to_ascii_lowercase(), body.to_owned())
}

#[tokio::test]
async fn bodies_for_which_there_is_no_room_are_refused_and_small_ones_pass() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &["--max-body-memory", "32"]).await;
    let (mut one, mut other) =
        tokio::join!(begun(server.client.address, 15 * MIB), begun(server.client.address, 15 * MIB));
    // Whichever is read faster would have more than it leaves free.
    let ((head, body), mut left) = tokio::select! {
        answer = answered(&mut one) => (answer, other),
        answer = answered(&mut other) => (answer, one),
    };
    assert!(head.starts_with("http/1.1 503 "), "{head}");
    assert!(head.contains("\r\nretry-after: 1") && head.contains("\r\nconnection: close"), "{head}");
    let problem: Problem = serde_json::from_str(&body).unwrap();
    assert_eq!(problem.kind, "urn:seinpost:problem:unavailable");
    assert!(problem.detail.unwrap().contains("no room for this body beside those of other calls"));
    // What it held is free again, and what is small has room beside the large one.
    for n in 0..3 {
        server.client.event(open(&n.to_string())).await.expect(202);
    }
    server.client.call("POST", "/v1/webhook", &[], vec![b'x'; MIB]).await.expect(400);
    // It may have been refused in the same moment; it is answered in any case.
    let _ = left.write_all(b"\n").await;
    answered(&mut left).await;
    // Nothing stays taken.
    for _ in 0..3 {
        let mut stream = begun(server.client.address, 15 * MIB).await;
        stream.write_all(b"\n").await.unwrap();
        let (head, _) = answered(&mut stream).await;
        assert!(!head.starts_with("http/1.1 503 "), "{head}");
    }
    server.terminate().await;
}

#[tokio::test]
async fn whoever_is_refused_before_the_body_was_read_gets_the_answer_all_the_same() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &[]).await;
    let bodies = vec![b'x'; 24 * MIB];
    for (path, fields, status) in [
        ("/v1/events", "Authorization: Bearer none\r\n".to_owned(), 401),
        ("/v1/events", format!("Authorization: Bearer {TOKEN}\r\n"), 413),
        ("/v1/nothing", format!("Authorization: Bearer {TOKEN}\r\n"), 404),
        // Whoever signs in is not known yet, and has little to say.
        ("/v1/session", String::new(), 413),
        ("/", String::new(), 405),
    ] {
        let mut stream = TcpStream::connect(server.client.address).await.unwrap();
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\n{fields}Content-Length: {}\r\n\r\n", bodies.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        // As many clients do: all is sent before anything is read.
        within("the sending", stream.write_all(&bodies)).await.unwrap_or_else(|error| panic!("{path}: {error}"));
        let (head, _) = answered(&mut stream).await;
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{path}: {head}");
    }
    server.terminate().await;
}
