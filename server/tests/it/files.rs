//! How many files the server may have open: what is short is ours, and no receiver's fault.

use std::{
    fs,
    fs::File,
    net::Ipv4Addr,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};

use hickory_server::proto::rr::{RData, rdata::A};
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use seinpost_protocol::rest::{DeliveryStatus, VerifyResult, Webhook};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Command,
    sync::mpsc,
};

use crate::{
    events::open,
    support::{
        app::deliveries_when,
        names::NameServer,
        process::{Server, TOKEN, serving},
        raw, within,
    },
};

/// Sets how many files a server may have open; how many they were.
fn let_have(server: &Server, files: Option<u64>) -> Option<u64> {
    let process = Pid::from_raw(server.id().parse().unwrap());
    let maximum = getrlimit(Resource::Nofile).maximum;
    prlimit(process, Resource::Nofile, Rlimit { current: files, maximum }).unwrap().current
}

#[tokio::test]
async fn as_many_files_may_be_open_as_whoever_started_it_allows() {
    let data = TempDir::new().unwrap();
    let mut few = Command::new("/bin/sh");
    few.args(["-c", "ulimit -Sn 200; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_seinpost")]);
    let server = Server::of(serving(few, data.path(), &[])).await;
    let most = getrlimit(Resource::Nofile).maximum;
    assert_ne!(most, Some(200));
    assert_eq!(let_have(&server, most), most);
    server.terminate().await;
}

/// Calls over one connection, which was open before there was room for no other.
struct Kept(TcpStream);

impl Kept {
    async fn call(&mut self, method: &str, path: &str, body: &str) -> String {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: seinpost\r\nAuthorization: Bearer {TOKEN}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.0.write_all(request.as_bytes()).await.unwrap();
        within("an answer", async {
            let mut answer = Vec::new();
            loop {
                let mut chunk = [0; 4096];
                let length = self.0.read(&mut chunk).await.unwrap();
                assert_ne!(length, 0, "it was closed");
                answer.extend_from_slice(&chunk[..length]);
                let text = String::from_utf8_lossy(&answer).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let told = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if told.is_some_and(|told| told.parse() == Ok(body.len())) {
                    return text;
                }
            }
        })
        .await
    }
}

/// What stands in the log once these words are in it.
async fn logged(log: &Path, words: &str) -> String {
    within(words, async {
        loop {
            let text = fs::read_to_string(log).unwrap();
            if text.contains(words) {
                return text;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test]
async fn a_call_for_which_there_is_no_room_is_no_attempt_and_is_made_when_there_is() {
    let (call, mut called) = mpsc::unbounded_channel();
    let file = Arc::new(Mutex::new(String::new()));
    let content = Arc::clone(&file);
    // Nothing is kept for the next call.
    let receiver = raw::listen(move |mut stream, _| {
        let (call, content) = (call.clone(), Arc::clone(&content));
        async move {
            let head = raw::read_request(&mut stream).await;
            let body = content.lock().unwrap().clone();
            let answer =
                format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
            if head.starts_with("POST") {
                let _ = call.send(());
            }
        }
    })
    .await;
    let names = NameServer::start("127.0.0.1:0", vec![("receiver.test.", RData::A(A(Ipv4Addr::LOCALHOST)))]).await;
    let data = TempDir::new().unwrap();
    let log = data.path().join("log");
    let mut command = serving(Command::new(env!("CARGO_BIN_EXE_seinpost")), data.path(), &[]);
    command.args(["--resolvers", &names.address.to_string()]).stderr(Stdio::from(File::create(&log).unwrap()));
    let server = Server::of(command).await;
    // By its address there is no room for the connection, by its name none to ask for that.
    for (host, batch) in [("127.0.0.1", Value::Null), ("receiver.test", json!({"max_events": 2, "max_ms": 1}))] {
        let url = format!("http://{host}:{}/hook", receiver.port());
        let settings = json!({"type": "open", "url": url, "batch": batch});
        let webhook: Webhook = server.client.post("/v1/webhook", &settings).await.expect(201).json();
        *file.lock().unwrap() = webhook.verification.content;
        let path = format!("/v1/webhooks/{}/verify", webhook.id);
        let verified: VerifyResult = server.client.post(&path, &Value::Null).await.expect(200).json();
        assert!(verified.verified, "{verified:?}");
    }
    let mut kept = Kept(TcpStream::connect(server.client.address).await.unwrap());
    kept.call("GET", "/health/live", "").await;

    let before = let_have(&server, Some(3));
    let answer = kept.call("POST", "/v1/events", &open("m1")).await;
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    let said = logged(&log, "calls wait, and none of it is the receivers' doing").await;
    assert!(said.contains("Too many open files"), "{said}");
    let answer = kept.call("GET", "/v1/deliveries", "").await;
    assert_eq!(answer.matches(r#""status":"pending""#).count(), 2, "{answer}");
    assert_eq!(answer.matches(r#""attempts":[]"#).count(), 2, "{answer}");

    let_have(&server, before);
    within("a call", called.recv()).await.unwrap();
    within("another", called.recv()).await.unwrap();
    let log =
        deliveries_when(&server.client, |log| log.iter().all(|each| each.status != DeliveryStatus::Pending)).await;
    assert_eq!(log.iter().map(|each| each.attempts.len()).collect::<Vec<_>>(), [1, 1], "{log:?}");
    assert!(log.iter().all(|each| each.status == DeliveryStatus::Delivered), "{log:?}");
    server.terminate().await;
}
