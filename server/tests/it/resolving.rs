//! Looking names up as the machine is set to, at real name servers.

use std::{fs, fs::File, net::Ipv4Addr, path::Path, sync::Arc, time::Duration};

use hickory_server::proto::rr::{
    RData,
    rdata::{A, TXT},
};
use seinpost_server::egress::{Resolve as _, ResolveError, SystemResolver};
use tempfile::TempDir;

use crate::support::{app::BEGIN, clock::ManualClock, names::NameServer};

fn address(last: u8) -> RData {
    RData::A(A(Ipv4Addr::new(192, 0, 2, last)))
}

/// Sets the machine to something else, some seconds after what it was set to before.
fn set(file: &Path, text: &str) {
    let before = fs::metadata(file).and_then(|found| found.modified());
    fs::write(file, text).unwrap();
    if let Ok(before) = before {
        File::options().write(true).open(file).unwrap().set_modified(before + Duration::from_secs(7)).unwrap();
    }
}

#[tokio::test]
async fn a_name_with_a_dot_is_never_completed_to_anothers() {
    let text = RData::TXT(TXT::new(vec!["v=DKIM1; p=".into()]));
    let server = NameServer::start("127.0.0.1:0", vec![("*.corp.test.", address(7)), ("*.corp.test.", text)]).await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("resolv.conf");
    // As in a cluster: the list comes first for all names of fewer than five dots.
    set(&file, "nameserver 127.0.0.1\nsearch corp.test\noptions ndots:5\n");
    let resolver = SystemResolver::of_file(file, server.address.port(), Arc::new(ManualClock::new(BEGIN))).unwrap();
    assert_eq!(resolver.resolve("gone.customer.example").await, Err(ResolveError::NotFound));
    assert_eq!(resolver.txt("s1._domainkey.hooks.example.com").await, Err(ResolveError::NotFound));
    let asked = server.asked();
    assert!(asked.iter().any(|name| name == "gone.customer.example."), "{asked:?}");
    assert!(!asked.iter().any(|name| name.ends_with("corp.test.")), "{asked:?}");
    // One without is a neighbour's.
    assert_eq!(resolver.resolve("receiver").await, Ok(vec![Ipv4Addr::new(192, 0, 2, 7).into()]));
    assert!(server.asked().iter().any(|name| name == "receiver.corp.test."));
}

#[tokio::test]
async fn the_machines_name_servers_are_read_again_when_they_have_changed() {
    let first = NameServer::start("127.0.0.1:0", vec![("*.test.", address(1))]).await;
    let port = first.address.port();
    let _second = NameServer::start(&format!("127.0.0.2:{port}"), vec![("*.test.", address(2))]).await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("resolv.conf");
    set(&file, "nameserver 127.0.0.1\n");
    let clock = Arc::new(ManualClock::new(BEGIN));
    let resolver = SystemResolver::of_file(file.clone(), port, Arc::clone(&clock) as _).unwrap();
    let answers = async |last| {
        let found = resolver.resolve("receiver.test").await;
        assert_eq!(found, Ok(vec![Ipv4Addr::new(192, 0, 2, last).into()]));
    };
    answers(1).await;
    set(&file, "nameserver 127.0.0.2\n");
    // It is not looked at with each call.
    answers(1).await;
    clock.advance(Duration::from_secs(10));
    answers(2).await;
    // What cannot be read, or is not there, changes nothing.
    set(&file, "# nameserver 127.0.0.1\n");
    clock.advance(Duration::from_secs(10));
    answers(2).await;
    fs::remove_file(&file).unwrap();
    clock.advance(Duration::from_secs(10));
    answers(2).await;
    set(&file, "nameserver 127.0.0.1\noptions timeout:3\n");
    clock.advance(Duration::from_secs(10));
    answers(1).await;
}
