//! The end: what is on its way is finished, or made again at the next start; nothing is lost, and what is left is said.

use std::{
    fs::File,
    net::SocketAddr,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use seinpost_protocol::rest::{DeliveryStatus, VerifyResult, Webhook, WebhookStatus};
use seinpost_server::store::Happening;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    process::Command,
    sync::{Semaphore, mpsc},
};

use crate::{
    events::open,
    support::{
        app::{TestApp, deliveries_when, webhook},
        client::Client,
        process::{Server, TOKEN, ask_to_end, seinpost, serving},
        raw,
        receiver::Receiver,
        tls::Authority,
        within,
    },
};

/// A receiver that answers a call when it is told to.
struct Holding {
    address: SocketAddr,
    file: Arc<Mutex<String>>,
    called: mpsc::UnboundedReceiver<()>,
    leave: Arc<Semaphore>,
}

impl Holding {
    async fn start() -> Self {
        let (call, called) = mpsc::unbounded_channel();
        let (file, leave) = (Arc::new(Mutex::new(String::new())), Arc::new(Semaphore::new(0)));
        let (content, wait) = (Arc::clone(&file), Arc::clone(&leave));
        let address = raw::listen(move |mut stream, _| {
            let (call, content, wait) = (call.clone(), Arc::clone(&content), Arc::clone(&wait));
            async move {
                loop {
                    let head = raw::read_request(&mut stream).await;
                    if head.is_empty() {
                        return;
                    }
                    let mut body = content.lock().unwrap().clone();
                    if head.starts_with("POST") {
                        call.send(()).unwrap();
                        wait.acquire().await.unwrap().forget();
                        body.clear();
                    }
                    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            }
        })
        .await;
        Self { address, file, called, leave }
    }

    /// A webhook for it, with one call at a time.
    async fn webhook(&self, client: &Client) {
        let settings = json!({"type": "open", "url": format!("http://{}/hook", self.address), "concurrency": 1});
        let webhook: Webhook = client.post("/v1/webhook", &settings).await.expect(201).json();
        *self.file.lock().unwrap() = webhook.verification.content;
        let verified: VerifyResult =
            client.post(&format!("/v1/webhooks/{}/verify", webhook.id), &Value::Null).await.expect(200).json();
        assert!(verified.verified, "{verified:?}");
    }

    async fn called(&mut self) {
        within("a call", self.called.recv()).await.unwrap();
    }
}

/// Waits until nothing is taken in any more.
async fn closed(address: SocketAddr) {
    within("the end of taking in", async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_on_its_way_at_sigterm_is_finished_and_what_waits_is_said() {
    let data = TempDir::new().unwrap();
    let mut receiver = Holding::start().await;
    let server = Server::start(data.path(), &[]).await;
    receiver.webhook(&server.client).await;
    for name in ["m1", "m2", "m3"] {
        server.client.event(open(name)).await.expect(202);
    }
    receiver.called().await;
    let address = server.client.address;
    let ending = tokio::spawn(server.terminate());
    closed(address).await;
    assert!(!ending.is_finished(), "a call is on its way");
    receiver.leave.add_permits(100);
    let (said, well) = ending.await.unwrap();
    assert!(well);
    assert_eq!(
        said,
        [
            "Stopping: no new work is taken, what is on its way is finished.",
            "Stopped. 2 deliveries wait for the next start."
        ]
    );
    assert!(receiver.called.try_recv().is_err(), "no other call was begun");

    let server = Server::start(data.path(), &[]).await;
    let log =
        deliveries_when(&server.client, |log| log.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
    assert_eq!(log.iter().map(|each| each.attempts.len()).collect::<Vec<_>>(), [1, 1, 1]);
    receiver.called().await;
    receiver.called().await;
    assert!(receiver.called.try_recv().is_err(), "what was recorded is not sent again");
    server.terminate().await;
}

#[tokio::test]
async fn that_nobody_reads_what_it_says_ends_nothing() {
    let data = TempDir::new().unwrap();
    let mut receiver = Holding::start().await;
    let mut server = Server::start(data.path(), &[]).await;
    receiver.webhook(&server.client).await;
    server.client.event(open("m1")).await.expect(202);
    receiver.called().await;
    server.hang_up();
    let address = server.client.address;
    let ending = tokio::spawn(server.terminate());
    closed(address).await;
    receiver.leave.add_permits(100);
    let (_, well) = ending.await.unwrap();
    assert!(well, "a call was on its way");
    let server = Server::start(data.path(), &[]).await;
    let log = deliveries_when(&server.client, |log| log.iter().all(|each| !each.attempts.is_empty())).await;
    assert_eq!((log[0].status, log[0].attempts.len()), (DeliveryStatus::Delivered, 1));
    assert!(receiver.called.try_recv().is_err(), "what was recorded is not sent again");
    server.terminate().await;
}

/// Neither what it says nor its log can be written.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_behind_its_output_ends_nothing() {
    let data = TempDir::new().unwrap();
    let receiver = Receiver::start().await;
    let port = crate::egress::closed_port().await;
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    let listen = format!("127.0.0.1:{port}");
    let mut command =
        seinpost(data.path(), &["serve", "--listen", &listen, "--allow-target", "127.0.0.0/8", "--log", "debug"]);
    command.env("SEINPOST_BOOTSTRAP_TOKEN", TOKEN).stdout(full()).stderr(full());
    let mut child = command.spawn().unwrap();
    let client = Client { address: ([127, 0, 0, 1], port).into(), token: Some(TOKEN.into()) };
    within("the server's start", async {
        while client.try_call("GET", "/health/live", &[], Bytes::new()).await.is_err() {
            assert!(child.try_wait().unwrap().is_none(), "it has ended");
            tokio::task::yield_now().await;
        }
    })
    .await;
    webhook(&client, &receiver, json!({})).await;
    client.event(open("m1")).await.expect(202);
    deliveries_when(&client, |log| log.iter().any(|each| each.status == DeliveryStatus::Delivered)).await;
    ask_to_end(&child.id().unwrap().to_string()).await;
    assert!(within("the end", child.wait()).await.unwrap().success());
}

#[cfg(unix)]
#[tokio::test]
async fn a_stop_during_the_start_ends_it_in_order() {
    let data = TempDir::new().unwrap();
    let authorities = data.path().join("authorities");
    assert!(Command::new("mkfifo").arg(&authorities).status().await.unwrap().success());
    let arguments = ["--ca-file", authorities.to_str().unwrap()];
    let mut command = serving(Command::new(env!("CARGO_BIN_EXE_seinpost")), &data.path().join("data"), &arguments);
    let child = command.spawn().unwrap();
    // It is in the middle of its start once it reads them, and goes on once it has them.
    let mut file = within("its start", tokio::fs::File::options().write(true).open(&authorities)).await.unwrap();
    ask_to_end(&child.id().unwrap().to_string()).await;
    file.write_all(Authority::new().pem().as_bytes()).await.unwrap();
    file.shutdown().await.unwrap();
    drop(file);
    let ended = within("the end", child.wait_with_output()).await.unwrap();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "Stopped before it had started.\n");
}

#[tokio::test]
async fn asked_twice_it_ends_at_once_and_makes_the_call_again() {
    let data = TempDir::new().unwrap();
    let mut receiver = Holding::start().await;
    let server = Server::start(data.path(), &[]).await;
    receiver.webhook(&server.client).await;
    server.client.event(open("m1")).await.expect(202);
    receiver.called().await;
    let (address, id) = (server.client.address, server.id());
    let ending = tokio::spawn(server.terminate());
    closed(address).await;
    let mut again = tokio::time::interval(Duration::from_millis(20));
    within("the end", async {
        while !ending.is_finished() {
            ask_to_end(&id).await;
            again.tick().await;
        }
    })
    .await;
    let (said, well) = ending.await.unwrap();
    assert!(!well && !said.iter().any(|line| line.starts_with("Stopped")), "{said:?}");
    receiver.leave.add_permits(100);
    let server = Server::start(data.path(), &[]).await;
    receiver.called().await;
    let log = deliveries_when(&server.client, |log| log[0].status == DeliveryStatus::Delivered).await;
    assert_eq!((log.len(), log[0].attempts.len()), (1, 1));
    server.terminate().await;
}

#[tokio::test]
async fn a_call_that_does_not_end_in_thirty_seconds_is_given_up_and_made_again() {
    let folder = Arc::new(TempDir::new().unwrap());
    let patient = |options: &mut seinpost_server::app::Options| options.egress.whole = Duration::from_secs(600);
    let app = TestApp::start_with(Arc::clone(&folder), patient).await;
    let mut holding = Holding::start().await;
    let hook = app.webhook(&Receiver::start().await, json!({})).await;
    let mut record = app.app.store.webhook(1, hook.id).await.unwrap().unwrap();
    record.url = format!("http://{}/hook", holding.address);
    assert_eq!(record.status, WebhookStatus::Active);
    assert!(app.app.store.update_webhook(record, Happening::Changed, String::new()).await.unwrap().is_done());
    app.client.event(open("m1")).await.expect(202);
    holding.called().await;
    let stopped = Arc::clone(&app.app);
    let stopping = tokio::spawn(async move { stopped.stop(Duration::from_secs(30)).await });
    assert_eq!(app.clock.advance_to_next_sleeper().await, Duration::from_secs(30));
    assert_eq!(within("the end", stopping).await.unwrap(), 1, "call was given up");
    assert_eq!(app.app.store.totals().await.unwrap().pending, 1);
    drop(app);
    holding.leave.add_permits(100);
    let app = TestApp::start_with(folder, patient).await;
    holding.called().await;
    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
    assert_eq!((log.len(), log[0].attempts.len()), (1, 1));
}

/// The others' events waited for it, and so did the stop.
#[tokio::test]
async fn what_a_deleted_webhook_leaves_is_cancelled_share_by_share_also_over_a_restart() {
    let folder = Arc::new(TempDir::new().unwrap());
    let app = TestApp::start_in(Arc::clone(&folder)).await;
    let path = format!("/v1/webhooks/{}", app.webhook(&Receiver::start().await, json!({})).await.id);
    app.client.patch(&path, &json!({"status": "paused"})).await.expect(200);
    let events: Vec<_> = (0..500).map(|n| open(&n.to_string())).collect();
    app.client.lines(events.join("\n")).await.expect(202);
    app.client.delete(&path).await.expect(204);
    assert_eq!(app.clock.next_sleeper().await, Duration::from_millis(10), "others write meanwhile");
    assert_eq!(app.app.store.totals().await.unwrap().pending, 300);
    assert_eq!(app.app.stop(Duration::from_secs(30)).await, 0);
    assert_eq!(app.app.store.totals().await.unwrap().pending, 300);
    drop(app);
    let app = TestApp::start_in(folder).await;
    within("the end of what it left", async {
        while app.app.store.totals().await.unwrap().pending > 0 {
            app.clock.advance(Duration::from_millis(10));
        }
    })
    .await;
    let log = deliveries_when(&app.client, |log| log.len() == 200).await;
    assert!(log.iter().all(|each| each.status == DeliveryStatus::Cancelled));
}
