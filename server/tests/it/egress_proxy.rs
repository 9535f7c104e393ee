//! Calls through an HTTP proxy.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use seinpost_protocol::rest::{Attempt, DeliveryStatus, ErrorKind};
use seinpost_server::egress::{self, Egress, Exceptions, Limits, Proxy};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::TcpStream,
    sync::{mpsc, watch},
};

use crate::{
    egress::{QUICK, assert_failed, closed_port, post},
    events::open,
    support::{
        app::{Names, deliveries_when, webhook},
        process::Server,
        raw,
        receiver::Receiver,
        tls::Authority,
        within,
    },
};

/// A proxy that does what it is asked, if it is asked with the password, and remembers what that was.
struct Forwarding {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Forwarding {
    /// `user:pass` in base64.
    const PASSWORD: &'static str = "Basic dXNlcjpwYXNz";

    async fn start() -> Self {
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&heads);
        let address = raw::listen(move |stream, _| forward(stream, Arc::clone(&seen))).await;
        Self { address, heads }
    }

    fn url(&self) -> String {
        format!("http://user:pass@{}", self.address)
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn forward(mut stream: TcpStream, heads: Arc<Mutex<Vec<String>>>) {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(length) => bytes.extend_from_slice(&chunk[..length]),
        }
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    heads.lock().unwrap().push(head.clone());
    let status = |status: &str| format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").into_bytes();
    if !head.contains(&format!("\r\nProxy-Authorization: {}\r\n", Forwarding::PASSWORD)) {
        let _ = stream.write_all(&status("407 Proxy Authentication Required")).await;
        return;
    }
    let (method, rest) = head.split_once(' ').unwrap();
    let (target, _) = rest.split_once(' ').unwrap();
    let authority = target.trim_start_matches("http://").split('/').next().unwrap();
    if authority.starts_with("127.0.0.2:") {
        // Its packets are dropped on their way: the proxy tries, and says nothing meanwhile.
        return std::future::pending().await;
    }
    // The proxy's own idea of DNS.
    let address = authority.replace("receiver.example", "127.0.0.1").replace("other.example", "127.0.0.1");
    let Ok(mut onward) = TcpStream::connect(&address).await else {
        let _ = stream.write_all(&status("502 Bad Gateway")).await;
        return;
    };
    if method == "CONNECT" {
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
    } else {
        let path = target.trim_start_matches("http://").trim_start_matches(authority);
        let asked = head.replacen(target, path, 1);
        onward.write_all(asked.as_bytes()).await.unwrap();
    }
    let _ = copy_bidirectional(&mut stream, &mut onward).await;
}

fn through(proxy: &str, authority: Option<&Authority>, addresses: &[&str]) -> Egress {
    through_but(proxy, "", authority, addresses)
}

/// Through a proxy, with exceptions from that.
fn through_but(proxy: &str, exceptions: &str, authority: Option<&Authority>, addresses: &[&str]) -> Egress {
    let addresses: Vec<IpAddr> = addresses.iter().map(|each| each.parse().unwrap()).collect();
    let names = Names(vec![("receiver.example", addresses), ("other.example", vec!["127.0.0.1".parse().unwrap()])]);
    let pem = authority.map(Authority::pem);
    let tls = egress::trust(pem.as_deref().map(str::as_bytes)).unwrap();
    let proxy = Proxy::parse(proxy).unwrap().except(Exceptions::parse(exceptions).unwrap());
    Egress::new(Arc::new(names), tls, Some(proxy), vec!["127.0.0.1/32".parse().unwrap()], QUICK)
}

#[tokio::test]
async fn https_goes_through_a_tunnel_to_the_very_address_that_was_checked() {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(authority.server(&authority.sign("receiver.example", |_| {}), true)).await;
    let proxy = Forwarding::start().await;
    let egress = through(&proxy.url(), Some(&authority), &["fe80::1", "127.0.0.1"]);
    let url = format!("https://receiver.example:{}/hook", receiver.address.port());
    for _ in 0..2 {
        let outcome = post(&egress, &url).await;
        assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
        let peer = outcome.peer.map(|peer| SocketAddr::new(peer.address, peer.port));
        assert_eq!(peer, Some(receiver.address), "the receiver, not the proxy");
        let received = receiver.next().await;
        assert_eq!(received.header("host"), format!("receiver.example:{}", receiver.address.port()));
        assert_eq!(received.header("proxy-authorization"), "", "the password is the proxy's alone");
    }
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1, "the tunnel is kept: {heads:?}");
    assert!(heads[0].starts_with(&format!("CONNECT {} HTTP/1.1\r\n", receiver.address)), "{heads:?}");
}

/// The first took all the time, and the others were not tried.
#[tokio::test]
async fn an_address_that_the_proxy_does_not_reach_leaves_time_for_the_next() {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(authority.server(&authority.sign("receiver.example", |_| {}), true)).await;
    let proxy = Forwarding::start().await;
    let names =
        Names(vec![("receiver.example", ["127.0.0.2", "127.0.0.1"].map(|each| each.parse().unwrap()).to_vec())]);
    let tls = egress::trust(Some(authority.pem().as_bytes())).unwrap();
    let limits = Limits { connect: Duration::from_secs(2), whole: Duration::from_secs(4), ..QUICK };
    let allowed = vec!["127.0.0.0/8".parse().unwrap()];
    let egress = Egress::new(Arc::new(names), tls, Some(Proxy::parse(&proxy.url()).unwrap()), allowed, limits);
    let outcome = post(&egress, &format!("https://receiver.example:{}/hook", receiver.address.port())).await;
    assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
    let peer = outcome.peer.map(|peer| SocketAddr::new(peer.address, peer.port));
    assert_eq!(peer, Some(receiver.address));
    assert_eq!(proxy.heads().len(), 2);
}

#[tokio::test]
async fn http_is_asked_of_the_proxy_by_its_whole_url() {
    let receiver = Receiver::start().await;
    let proxy = Forwarding::start().await;
    let egress = through(&proxy.url(), None, &["127.0.0.1"]);
    let port = receiver.address.port();
    let outcome = post(&egress, &format!("http://u:p@receiver.example:{port}/hook?a=b")).await;
    assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
    assert_eq!(outcome.peer, None, "whom the proxy reached is not known");
    let head = proxy.heads().remove(0);
    assert!(head.starts_with(&format!("POST http://receiver.example:{port}/hook?a=b HTTP/1.1\r\n")), "{head}");
    assert!(head.contains(&format!("\r\nHost: receiver.example:{port}\r\n")), "{head}");
    assert_eq!(receiver.next().await.header("authorization"), "Basic dTpw");
}

#[tokio::test]
async fn exceptions_are_called_directly_and_nobody_else() {
    let authority = Authority::new();
    let plain = Receiver::start().await;
    let tls = Receiver::start_tls(authority.server(&authority.sign("receiver.example", |_| {}), true)).await;
    let proxy = Forwarding::start().await;
    for (exceptions, addresses) in [
        ("elsewhere.example, Receiver.example", &["127.0.0.1"][..]),
        (".example", &["127.0.0.1"]),
        ("10.0.0.0/8, 127.0.0.0/8", &["127.0.0.1"]),
        // Of a name's addresses those that may be called count, as one of them it is that is called.
        ("127.0.0.1", &["169.254.169.254", "127.0.0.1"]),
    ] {
        let egress = through_but(&proxy.url(), exceptions, Some(&authority), addresses);
        for (scheme, receiver) in [("http", &plain), ("https", &tls)] {
            // The second one on the connection that is kept.
            for _ in 0..2 {
                let url = format!("{scheme}://receiver.example:{}/hook?a=b", receiver.address.port());
                let outcome = post(&egress, &url).await;
                assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
                let received = receiver.next().await;
                assert_eq!(received.target, "/hook?a=b", "{exceptions}");
                assert_eq!(received.header("proxy-authorization"), "", "{exceptions}");
            }
        }
    }
    assert_eq!(proxy.heads(), Vec::<String>::new(), "the proxy heard nothing of it");

    // Others go through it, by the same way out, before and after.
    let egress = through_but(&proxy.url(), "receiver.example", None, &["127.0.0.1"]);
    for (host, through_proxy) in [("other.example", true), ("receiver.example", false), ("other.example", true)] {
        let outcome = post(&egress, &format!("http://{host}:{}/hook", plain.address.port())).await;
        assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
        let asked_for = plain.next().await.target;
        let whole = format!("http://{host}:{}/hook", plain.address.port());
        // Our proxy hands on the first request of a connection in its short form, and copies the others as they are.
        assert!(asked_for == "/hook" || (through_proxy && asked_for == whole), "{asked_for}");
    }
    let heads = proxy.heads();
    assert!(!heads.is_empty() && heads.iter().all(|head| head.starts_with("POST http://other.example:")), "{heads:?}");

    // Where one of the addresses is elsewhere, it goes through the proxy.
    let egress = through_but(&proxy.url(), "10.0.0.0/8", None, &["127.0.0.1"]);
    post(&egress, &format!("http://receiver.example:{}/hook", plain.address.port())).await;
    assert!(proxy.heads().last().unwrap().starts_with("POST http://receiver.example:"));
}

#[tokio::test]
async fn the_address_check_holds_through_a_proxy() {
    let proxy = Forwarding::start().await;
    for (addresses, url, words) in [
        (&["10.0.0.1"][..], "https://receiver.example/", "10.0.0.1, which is not called: private"),
        (&["10.0.0.1"], "http://receiver.example/", "10.0.0.1, which is not called: private"),
        // By name the proxy could take either.
        (&["127.0.0.1", "169.254.169.254"], "http://receiver.example/", "where clouds keep their metadata"),
        (&[], "https://169.254.169.254/", "where clouds keep their metadata"),
        (&[], "http://[::1]/", "is not called"),
    ] {
        let outcome = post(&through(&proxy.url(), None, addresses), url).await;
        assert_failed(&outcome, ErrorKind::RefusedTarget, words);
    }
    assert_eq!(proxy.heads(), Vec::<String>::new(), "the proxy heard nothing of it");
}

/// Whether it is no attempt of the receiver's.
fn is_ours(outcome: &egress::Outcome) -> bool {
    outcome.failure.as_ref().is_some_and(egress::Failure::is_ours)
}

#[tokio::test]
async fn what_is_wrong_with_the_proxy_is_told() {
    let proxy = Forwarding::start().await;
    let https = "https://receiver.example:8443/";
    let no_password = through(&format!("http://{}", proxy.address), None, &["127.0.0.1"]);
    let outcome = post(&no_password, https).await;
    assert_failed(&outcome, ErrorKind::Connect, "wants a user and a password");
    assert!(is_ours(&outcome));

    let gone = closed_port().await;
    let outcome =
        post(&through(&proxy.url(), None, &["127.0.0.1"]), &format!("https://receiver.example:{gone}/")).await;
    assert_failed(&outcome, ErrorKind::Connect, "answered 502: it did not reach receiver.example");
    assert!(!is_ours(&outcome));

    let nobody = through(&format!("http://127.0.0.1:{}", closed_port().await), None, &["127.0.0.1"]);
    for url in [https, "http://receiver.example/"] {
        let outcome = post(&nobody, url).await;
        assert_failed(&outcome, ErrorKind::Connect, "through which this Seinpost calls, cannot be used");
        assert!(is_ours(&outcome), "{url}");
    }

    for (answer, words, ours) in [
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_owned(), "does not let us through", false),
        // It may do so to this receiver alone.
        (String::new(), "opened no tunnel to receiver.example:8443, and did not say why", false),
        ("SSH-2.0-OpenSSH_9.2\r\n".into(), "did not answer as a proxy does", true),
        (format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(100_000)), "did not answer as a proxy does", true),
    ] {
        let proxy = raw::answering(answer).await;
        let outcome = post(&through(&format!("http://{proxy}"), None, &["127.0.0.1"]), https).await;
        assert_failed(&outcome, ErrorKind::Connect, words);
        assert_eq!(is_ours(&outcome), ours, "{words}");
    }

    let silent = raw::listen(|mut stream, _| async move {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    })
    .await;
    let outcome = post(&through(&format!("http://{silent}"), None, &["127.0.0.1"]), https).await;
    assert_failed(&outcome, ErrorKind::Timeout, "did not reach receiver.example:8443 within 0.");
    // Of two addresses each has half of the time.
    let outcome = post(&through(&format!("http://{silent}"), None, &["127.0.0.1", "1.1.1.1"]), https).await;
    assert_failed(&outcome, ErrorKind::Timeout, "did not reach receiver.example:8443 within 0.");
    assert!(!outcome.failure.unwrap().detail.contains("0.4 s"), "it had half of it");
}

/// What stands in front of a proxy, as the server knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Door {
    /// The proxy.
    Open,
    /// One that wants another password, …
    Password,
    /// … or is none.
    Senseless,
}

/// Passes connections on as long as it is open, and ends them when that changes; each that is turned away is told.
async fn door(inside: SocketAddr) -> (SocketAddr, watch::Sender<Door>, mpsc::UnboundedReceiver<Door>) {
    let (set, is) = watch::channel(Door::Open);
    let (turned, turned_away) = mpsc::unbounded_channel();
    let outside = raw::listen(move |mut stream, _| {
        let (mut is, turned) = (is.clone(), turned.clone());
        async move {
            let door = *is.borrow_and_update();
            let answer: &[u8] = match door {
                Door::Open => {
                    let mut onward = TcpStream::connect(inside).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut stream, &mut onward) => {}
                        _ = is.changed() => {}
                    }
                    return;
                }
                Door::Password => b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n",
                Door::Senseless => b"SSH-2.0-OpenSSH_9.2\r\n",
            };
            raw::read_request(&mut stream).await;
            let _ = stream.write_all(answer).await;
            let _ = turned.send(door);
        }
    })
    .await;
    (outside, set, turned_away)
}

/// A proxy that lets nobody through is no receiver's fault: nothing counts as an attempt, nobody is left alone for it, or
/// disabled, and the order stays.
#[tokio::test]
async fn what_cannot_be_sent_through_the_proxy_waits_and_was_no_attempt() {
    let data = TempDir::new().unwrap();
    let authority = Authority::new();
    let receiver = Receiver::start_tls(authority.server(&authority.sign("127.0.0.1", |_| {}), true)).await;
    let ca = data.path().join("ca.pem");
    std::fs::write(&ca, authority.pem()).unwrap();
    let proxy = Forwarding::start().await;
    let (outside, door, mut turned_away) = door(proxy.address).await;
    let url = format!("http://user:pass@{outside}");
    let server = Server::start(data.path(), &["--proxy", &url, "--ca-file", ca.to_str().unwrap()]).await;
    let settings = json!({ "url": format!("https://{}/hook", receiver.address), "concurrency": 1 });
    let hook = webhook(&server.client, &receiver, settings).await;
    door.send(Door::Password).unwrap();
    // Whoever tests the webhook is told whose fault it is.
    let test = format!("/v1/webhooks/{}/test", hook.id);
    let attempt: Attempt = server.client.post(&test, &json!(null)).await.expect(200).json();
    let said = attempt.error.unwrap().detail;
    assert!(said.contains("answered 407") && said.contains("Whoever runs this Seinpost"), "{said}");
    assert_eq!(within("a call", turned_away.recv()).await, Some(Door::Password));

    let lines: Vec<_> = (1..=6).map(|n| open(&format!("m{n}"))).collect();
    server.client.lines(lines.join("\n")).await.expect(202);
    let mut calls = async |wanted: Door| {
        let mut called = 0;
        while called < 2 {
            called += usize::from(within("a call", turned_away.recv()).await == Some(wanted));
        }
    };
    // Time and again: first one, then the other.
    calls(Door::Password).await;
    door.send(Door::Senseless).unwrap();
    calls(Door::Senseless).await;
    let metrics = server.client.get("/metrics").await.expect(200);
    let prevented = metrics.text().lines().find_map(|line| line.strip_prefix("seinpost_calls_prevented_total "));
    assert!(prevented.unwrap().parse::<u32>().unwrap() >= 3, "{prevented:?}");
    let log = deliveries_when(&server.client, |log| log.len() == 7).await;
    for each in log.iter().filter(|each| !each.test) {
        assert_eq!((each.status, each.attempts.len()), (DeliveryStatus::Pending, 0), "{each:?}");
    }
    door.send(Door::Open).unwrap();
    for line in lines {
        assert_eq!(receiver.next().await.body, line.as_bytes(), "in the order in which they came");
    }
    let log =
        deliveries_when(&server.client, |log| log.iter().all(|each| each.status != DeliveryStatus::Pending)).await;
    for each in log.iter().filter(|each| !each.test) {
        assert_eq!((each.status, each.attempts.len()), (DeliveryStatus::Delivered, 1), "{each:?}");
    }
    server.terminate().await;
}

/// Otherwise one that says what a proxy says would have its events for ever, and never be disabled.
#[tokio::test]
async fn a_receiver_cannot_pass_for_the_proxy() {
    let proxy = Forwarding::start().await;
    for answer in [
        "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX Y: z\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "SSH-2.0-x\r\n",
        "",
    ] {
        let receiver = raw::answering(answer).await;
        let egress = through(&proxy.url(), None, &["127.0.0.1"]);
        let outcome = post(&egress, &format!("http://receiver.example:{}/", receiver.port())).await;
        assert!(outcome.failure.as_ref().is_none_or(|failure| !failure.is_ours()), "{answer:?}: {outcome:?}");
        assert!(outcome.failure.is_some() || outcome.answer.is_some(), "{answer:?}");
    }
}

#[tokio::test]
async fn the_server_sends_everything_through_its_proxy_and_hides_the_password() {
    let data = TempDir::new().unwrap();
    let receiver = Receiver::start().await;
    let proxy = Forwarding::start().await;
    let server = Server::start(data.path(), &["--proxy", &proxy.url()]).await;
    let hook = webhook(&server.client, &receiver, json!({})).await;
    let attempt: Attempt =
        server.client.post(&format!("/v1/webhooks/{}/test", hook.id), &json!(null)).await.expect(200).json();
    assert!(attempt.accepted(), "{attempt:?}");
    // The ownership check, and the test on the connection that it left.
    let heads = proxy.heads();
    assert!(heads[0].starts_with("GET http://127.0.0.1:"), "{heads:?}");
    assert_eq!(receiver.next().await.target, receiver.url("/hooks/script.php"), "as it is asked of a proxy");
    let shown = serde_json::to_string(&attempt).unwrap();
    assert!(!shown.contains(Forwarding::PASSWORD) && !shown.to_ascii_lowercase().contains("proxy"), "{shown}");
    server.terminate().await;
}

#[tokio::test]
async fn the_server_calls_directly_whom_it_is_told_to() {
    let data = TempDir::new().unwrap();
    let receiver = Receiver::start().await;
    let proxy = Forwarding::start().await;
    let url = proxy.url();
    let exceptions = ["--proxy-exceptions", "internal.example", "--proxy-exceptions", "127.0.0.0/8"];
    let server = Server::start(data.path(), &[&["--proxy", url.as_str()][..], &exceptions].concat()).await;
    let hook = webhook(&server.client, &receiver, json!({})).await;
    let attempt: Attempt =
        server.client.post(&format!("/v1/webhooks/{}/test", hook.id), &json!(null)).await.expect(200).json();
    assert!(attempt.accepted(), "{attempt:?}");
    assert_eq!(receiver.next().await.target, "/hooks/script.php");
    assert_eq!(proxy.heads(), Vec::<String>::new());
    server.terminate().await;
}
