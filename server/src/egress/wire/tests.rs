use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use super::*;

/// What came of a request that a receiver answers with these bytes, so many at a time, and then closes or not.
async fn exchange(bytes: &[u8], step: usize, closes: bool) -> (Result<Head, Broken>, Vec<u8>, Option<bool>, Wire) {
    // It holds no more than that, so that they are read as they are written.
    let (ours, mut theirs) = duplex(step);
    let receiver = async move {
        read_to_the_end_of_the_head(&mut theirs).await;
        for part in bytes.chunks(step) {
            if theirs.write_all(part).await.is_err() {
                break;
            }
        }
        let _open = (!closes).then_some(theirs);
        std::future::pending().await
    };
    let caller = async {
        let mut wire = Wire::new(ours, 1000, 1000);
        let head = wire.ask(b"POST / HTTP/1.1\r\n\r\n", b"").await;
        let (mut body, mut complete) = (Vec::new(), None);
        if let Ok(head) = &head {
            complete = wire.body(head, &mut body, 100).await.ok();
        }
        (head, body, complete, wire)
    };
    // Where not all is read, the receiver would wait for it.
    tokio::select! {
        came = caller => came,
        never = receiver => never,
    }
}

async fn read_to_the_end_of_the_head(stream: &mut DuplexStream) {
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        seen.push(stream.read_u8().await.unwrap());
    }
}

#[tokio::test]
async fn a_body_ends_as_its_head_says() {
    for (bytes, body, keeps) in [
        (&b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"[..], "abc", true),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\nContent-Length: 3\r\n\r\nabc", "abc", true),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: x, Close\r\n\r\nabc", "abc", false),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", "abc", false),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc", "abc", true),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "", true),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", "", true),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "", true),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "abc", true),
        // Two lengths: the chunks count, and nothing else is asked over that connection.
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n1\r\na\r\n0\r\n\r\n", "a", false),
        (b"HTTP/1.1 200 OK\n\nContent-Length: 3\n", "Content-Length: 3\n", false),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n1\r\n", "1\r\n", false),
    ] {
        for step in [1, 7, 1000] {
            let shown = String::from_utf8_lossy(bytes);
            let (head, read, complete, wire) = exchange(bytes, step, true).await;
            let head = head.unwrap_or_else(|broken| panic!("{shown}: {broken:?}"));
            assert_eq!((std::str::from_utf8(&read), complete), (Ok(body), Some(true)), "{shown}");
            assert_eq!((head.keeps, wire.is_read()), (keeps, true), "{shown}");
        }
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    for bytes in [
        &b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA B: c\r\n\r\n",
        b"HTTP/1.1 99 Low\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
    ] {
        for step in [1, 1000] {
            let (head, ..) = exchange(bytes, step, true).await;
            assert!(matches!(head, Err(Broken::Senseless(_))), "{}: {head:?}", String::from_utf8_lossy(bytes));
        }
    }
    // That it is no HTTP shows in its first line: nobody waits for the end of a head.
    let (head, ..) = exchange(b"SSH-2.0-OpenSSH_9.2\r\n", 5, false).await;
    assert!(matches!(head, Err(Broken::Senseless(_))), "{head:?}");
}

#[tokio::test]
async fn what_comes_without_having_been_asked_for_ends_the_connection() {
    let (head, _, complete, wire) =
        exchange(b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 1000, false).await;
    assert!(head.is_ok_and(|head| head.keeps) && complete == Some(true) && !wire.is_read());

    let (ours, mut theirs) = duplex(64);
    let mut wire = Wire::new(ours, 1000, 1000);
    assert!(wire.is_quiet());
    theirs.write_all(b"H").await.unwrap();
    assert!(!wire.is_quiet());
    let (ours, theirs) = duplex(64);
    let mut wire = Wire::new(ours, 1000, 1000);
    drop(theirs);
    assert!(!wire.is_quiet());
}

#[tokio::test]
async fn an_answer_before_the_request_is_read_counts_but_ends_the_connection() {
    let (ours, mut theirs) = duplex(64);
    let mut wire = Wire::new(ours, 1000, 1000);
    theirs.write_all(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let head = wire.ask(b"POST / HTTP/1.1\r\n\r\n", &[b'x'; 10_000]).await.unwrap();
    assert_eq!((head.status, head.keeps), (413, false));

    // Also where it closes at once.
    let (ours, mut theirs) = duplex(256);
    let mut wire = Wire::new(ours, 1000, 1000);
    theirs.write_all(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    drop(theirs);
    let head = wire.ask(b"POST / HTTP/1.1\r\n\r\n", &[b'x'; 10_000]).await.unwrap();
    assert_eq!((head.status, head.keeps), (413, false));
}

#[tokio::test]
async fn a_body_as_long_as_is_read_is_all_of_it_however_it_comes() {
    let data = "0123456789".repeat(10);
    let answers = [
        format!("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{data}"),
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{data}"),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{data}\r\n0\r\n\r\n"),
        format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n63\r\n{}\r\n1\r\n9\r\n0\r\nA: b\r\n\r\n",
            &data[..99]
        ),
    ];
    for answer in &answers {
        let closes = answer.contains("close");
        for step in 1..40 {
            let (_, body, complete, _) = exchange(answer.as_bytes(), step, closes).await;
            assert_eq!((body.len(), complete), (100, Some(true)), "{step} bytes at a time: {answer}");
        }
    }
    // One more, and it is not.
    let longer = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{data}\r\n1\r\nx\r\n0\r\n\r\n");
    for step in 1..40 {
        let (_, body, complete, _) = exchange(longer.as_bytes(), step, false).await;
        assert_eq!((body.len(), complete), (100, Some(false)), "{step} bytes at a time");
    }
}

#[tokio::test]
async fn no_more_is_read_than_the_limits_say() {
    let (_, body, complete, _) =
        exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789x", 9, false).await;
    assert_eq!((body.len(), complete), (100, Some(false)));

    let (ours, mut theirs) = duplex(4096);
    let mut wire = Wire::new(ours, 1000, 1000);
    let endless = async move {
        theirs.write_all(b"HTTP/1.1 200 OK\r\n").await.unwrap();
        while theirs.write_all(b"X: y\r\n").await.is_ok() {}
    };
    let asked = async {
        let head = wire.ask(b"", b"").await;
        drop(wire);
        head
    };
    let (head, ()) = tokio::join!(asked, endless);
    assert!(matches!(head, Err(Broken::TooLarge)), "{head:?}");
}
