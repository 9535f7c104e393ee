//! One call: a connection, a request, an answer.

use seinpost_protocol::rest::Peer;
use tokio::time::Instant;

use super::{
    Answer, Call, Inner, Outcome, Proxy, connect, failure,
    failure::{Failure, Fault},
    pool::{Connection, Taken},
    wire::{Broken, Head},
};
use crate::fields::write_in_title_case;

/// Makes a call.
pub(super) async fn call(egress: &Inner, call: &Call) -> Outcome {
    let began = Instant::now();
    let deadline = began + egress.limits.whole;
    let mut peer = None;
    let outcome = match attempt(egress, call, &mut peer, deadline).await {
        Ok(outcome) => outcome,
        Err(failure) => Outcome { failure: Some(failure), ..Outcome::default() },
    };
    Outcome { peer, duration: began.elapsed(), ..outcome }
}

/// `peer` becomes who was reached, also where that is all that came of it.
async fn attempt(egress: &Inner, call: &Call, peer: &mut Option<Peer>, deadline: Instant) -> Result<Outcome, Failure> {
    let identity = call.identity.as_ref();
    let seat = match egress.pool.take(&call.target, identity).await {
        Taken::Open(seat) => seat,
        Taken::Kept(mut kept) => {
            *peer = kept.peer;
            match head(egress, &mut kept, call, deadline).await {
                Ok(head) => return Ok(answer(egress, call, kept, head, deadline).await),
                // The receiver closed it as we posted: it cannot have seen the request, so it is sent once more.
                Err(Lost::Unseen) => egress.pool.open(&call.target, identity),
                Err(Lost::Failed(failure)) => return Err(failure),
            }
        }
    };
    *peer = None;
    let opened = connect::connect(egress, &call.target, identity, peer, deadline).await.inspect_err(|failure| {
        if failure.fault == Fault::NoRoom {
            egress.pool.let_go();
        }
    });
    let mut fresh = opened?.in_seat(seat);
    match head(egress, &mut fresh, call, deadline).await {
        Ok(head) => Ok(answer(egress, call, fresh, head, deadline).await),
        Err(Lost::Unseen) => {
            let closed =
                if fresh.asked { failure::closed_after_asking(fresh.authenticated) } else { failure::closed() };
            Err(closed.and(fresh.note))
        }
        Err(Lost::Failed(failure)) => Err(failure),
    }
}

/// Why there is no response.
enum Lost {
    /// The connection ended before a byte came back.
    Unseen,
    /// Anything else.
    Failed(Failure),
}

/// The head of the request, as it is sent: to a proxy that is asked for it, with the whole URL.
fn request(proxy: Option<&Proxy>, call: &Call) -> Result<Vec<u8>, Failure> {
    let mut head = Vec::with_capacity(512);
    head.extend_from_slice(call.method.as_str().as_bytes());
    head.push(b' ');
    if proxy.is_some() {
        let whole = call.target.absolute_uri().map_err(|error| failure::internal(&error.to_string()))?;
        head.extend_from_slice(whole.to_string().as_bytes());
    } else {
        head.extend_from_slice(call.target.path_and_query().as_bytes());
    }
    head.extend_from_slice(b" HTTP/1.1\r\n");
    let authorization = call.target.authorization().map(|value| ("authorization", value));
    let to_proxy = proxy.and_then(|proxy| Some(("proxy-authorization", proxy.authorization()?)));
    let fields = call.headers.iter().map(|(name, value)| (&**name, value.as_str()));
    for (name, value) in fields.chain(authorization).chain(to_proxy) {
        if !is_name(name) || !is_value(value) {
            return Err(failure::internal(&format!("the header field {name} cannot be sent")));
        }
        field(&mut head, name, value);
    }
    let has_body = call.method != http::Method::GET || !call.body.is_empty();
    if has_body && !call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
        field(&mut head, "content-length", &call.body.len().to_string());
    }
    head.extend_from_slice(b"\r\n");
    Ok(head)
}

/// Writes a field, with a name like `Content-Type`.
fn field(head: &mut Vec<u8>, name: &str, value: &str) {
    let from = head.len();
    head.extend_from_slice(name.as_bytes());
    write_in_title_case(&mut head[from..]);
    head.extend_from_slice(b": ");
    head.extend_from_slice(value.as_bytes());
    head.extend_from_slice(b"\r\n");
}

/// RFC 9110, section 5.6.2: a token. Looked up, as every byte of every name is asked about.
const IS_TOKEN: [bool; 256] = {
    let mut is_token = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x7f {
        is_token[byte as usize] = byte.is_ascii_graphic()
            && !matches!(byte, b'"' | b'(' | b')' | b',' | b'/' | b':'..=b'@' | b'['..=b']' | b'{' | b'}');
        byte += 1;
    }
    is_token
};

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| IS_TOKEN[usize::from(byte)])
}

/// RFC 9110, section 5.5: nothing that could end the field.
fn is_value(value: &str) -> bool {
    // To the end, whatever was found: so the compiler looks at many bytes at a time.
    value.bytes().fold(true, |is_value, byte| is_value & ((byte == b'\t') | ((byte >= b' ') & (byte != 0x7f))))
}

/// Sends the request and waits for the head of the answer; 1xx answers are skipped, within the limits.
async fn head(egress: &Inner, connection: &mut Connection, call: &Call, deadline: Instant) -> Result<Head, Lost> {
    let proxy = egress.proxy.as_ref().filter(|_| connection.to_proxy);
    let request = request(proxy, call).map_err(Lost::Failed)?;
    let failed = |failure: Failure, connection: &Connection| Err(Lost::Failed(failure.and(connection.note.clone())));
    match connection.alarm.at(deadline, connection.wire.ask(&request, &call.body)).await {
        Some(Ok(head)) => Ok(head),
        // An alert is an answer: in TLS 1.3 the receiver says only now that it does not take our certificate, or none.
        Some(Err(Broken::Ended(error))) if let Some(alert) = failure::tls_in(&error) => {
            failed(failure::tls_alert(alert, connection.authenticated), connection)
        }
        Some(Err(_)) if connection.wire.came() == 0 => Err(Lost::Unseen),
        Some(Err(broken)) => failed(failure::protocol(&broken), connection),
        None => failed(failure::answer_timeout(egress.limits.whole, connection.wire.came() > 0), connection),
    }
}

/// Reads the body as far as it is taken; the status line is the verdict, whatever becomes of the body.
async fn answer(egress: &Inner, call: &Call, mut connection: Connection, mut head: Head, deadline: Instant) -> Outcome {
    let headers = std::mem::take(&mut head.headers);
    let mut answer = Answer { status: head.status, headers, body: Vec::new(), truncated: false };
    let body = connection.wire.body(&head, &mut answer.body, egress.limits.body);
    let read = connection.alarm.at(deadline, body).await;
    let (is_complete, broken) = match read {
        Some(Ok(is_complete)) => (is_complete, None),
        Some(Err(broken)) => (false, Some(failure::broken_body(&broken))),
        None => (false, Some(failure::body_timeout(egress.limits.whole))),
    };
    answer.truncated = !is_complete;
    let note = connection.note.clone();
    if is_complete && head.keeps && connection.wire.is_read() {
        egress.pool.keep(&call.target, call.identity.as_ref(), connection);
    }
    let too_many = failure::too_many_fields(head.fields, answer.headers.len());
    let said = [failure::of_status(&answer, &call.target), broken, too_many, note];
    let failure = said.into_iter().flatten().reduce(|first, next| first.and(Some(next)));
    Outcome { answer: Some(answer), failure, ..Outcome::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_field_can_end_it() {
        assert!(is_name("x-copernica-id") && is_value("a\tb \u{e9}"));
        for byte in 0..=u8::MAX {
            let is_token = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            assert_eq!(IS_TOKEN[usize::from(byte)], is_token, "{byte}");
        }
        for wrong in ["", "a b", "a:", "a\r", "\u{e9}"] {
            assert!(!is_name(wrong), "{wrong:?}");
        }
        for wrong in ["a\r\nb: c", "a\n", "\0", "\u{7f}"] {
            assert!(!is_value(wrong), "{wrong:?}");
        }
        let mut head = Vec::new();
        field(&mut head, "x-copernica--id", "7");
        assert_eq!(head, b"X-Copernica--Id: 7\r\n");
    }
}
