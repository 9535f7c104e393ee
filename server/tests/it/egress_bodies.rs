//! The body of an answer: whatever becomes of it, the status line is the verdict, and no more is read than is taken.

use std::{sync::Arc, time::Duration};

use seinpost_protocol::rest::ErrorKind;
use tokio::io::AsyncWriteExt;

use crate::{
    egress::{assert_failed, egress, post},
    support::{raw, within},
};

#[tokio::test]
async fn the_status_line_is_the_verdict_whatever_becomes_of_the_body() {
    let long = "x".repeat(200_000);
    for (name, bytes, truncated, failure) in [
        ("200 kB", format!("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n{long}"), true, None),
        ("without length", format!("HTTP/1.1 200 OK\r\n\r\n{long}"), true, None),
        ("breaks off", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc".into(), true, Some(ErrorKind::BrokenBody)),
        (
            "bad chunks",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n".into(),
            true,
            Some(ErrorKind::BrokenBody),
        ),
        ("no reason", "HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc".into(), false, None),
    ] {
        let address = raw::answering(bytes).await;
        let outcome = post(&egress(), &format!("http://{address}/")).await;
        let answer = outcome.answer.unwrap_or_else(|| panic!("{name}: {:?}", outcome.failure));
        assert_eq!((answer.status, answer.truncated), (200, truncated), "{name}");
        assert!(answer.body.len() <= 64 * 1024, "{name}");
        assert_eq!(outcome.failure.map(|failure| failure.kind), failure, "{name}");
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_not_unpacked() {
    let bomb = raw::gzip_bomb();
    assert!(bomb.len() < 64 * 1024);
    let unpacked = std::io::copy(&mut flate2::read::GzDecoder::new(&bomb[..]), &mut std::io::sink()).unwrap();
    assert_eq!(unpacked, 32 << 20);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len());
    let address = raw::answering([head.as_bytes(), &bomb].concat()).await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    let answer = outcome.answer.unwrap();
    assert_eq!((answer.status, answer.truncated, outcome.failure), (200, false, None));
    assert!(answer.body == bomb, "it is kept as it came");
}

#[tokio::test]
async fn of_a_gzip_bomb_without_end_no_more_is_read_than_of_others() {
    let (tell, told) = tokio::sync::oneshot::channel();
    let tell = std::sync::Mutex::new(Some(tell));
    let bomb = Arc::new(raw::gzip_bomb());
    let sent = Arc::clone(&bomb);
    let address = raw::listen(move |mut stream, _| {
        let (tell, bomb) = (tell.lock().unwrap().take(), Arc::clone(&sent));
        async move {
            raw::read_request(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n").await;
            // Half a gigabyte that unpacks to half a terabyte, as far as it is taken.
            let mut taken = 0;
            while taken < 512 << 20 && stream.write_all(&bomb).await.is_ok() {
                taken += bomb.len();
            }
            let _ = tell.unwrap().send(taken);
        }
    })
    .await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    let answer = outcome.answer.unwrap();
    assert_eq!((answer.status, answer.truncated, outcome.failure), (200, true, None));
    let expected: Vec<u8> = bomb.iter().copied().cycle().take(64 * 1024).collect();
    assert!(answer.body == expected, "64 KiB as they came: {} bytes", answer.body.len());
    // Besides what was read there is what the two sockets hold.
    let taken = within("the receiver's end", told).await.unwrap();
    assert!(taken < 32 << 20, "{taken} bytes were taken");
}

#[tokio::test]
async fn a_body_that_never_ends_and_one_that_drips_are_cut_by_the_clock() {
    for drip in [Duration::ZERO, Duration::from_millis(50)] {
        let address = raw::listen(move |mut stream, _| async move {
            raw::read_request(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
            let mut drops = tokio::time::interval(drip.max(Duration::from_millis(1)));
            loop {
                drops.tick().await;
                if stream.write_all(b"1\r\nx\r\n").await.is_err() {
                    return;
                }
            }
        })
        .await;
        let outcome = post(&egress(), &format!("http://{address}/")).await;
        let answer = outcome.answer.clone().unwrap();
        assert!(answer.truncated && answer.status == 200);
        assert_failed(&outcome, ErrorKind::BrokenBody, "did not end within 0.8 s:");
        assert!(outcome.duration < Duration::from_secs(5), "{:?}", outcome.duration);
    }
}
