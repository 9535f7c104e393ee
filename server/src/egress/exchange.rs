//! One call: a connection, a request, an answer.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};

use super::{
    Answer, Call, Inner, Outcome, connect, failure,
    failure::Failure,
    pool::{Connection, Taken},
};

/// Makes a call.
pub(super) async fn call(egress: &Inner, call: &Call) -> Outcome {
    let began = Instant::now();
    let deadline = began + egress.limits.whole;
    let mut outcome = match attempt(egress, call, deadline).await {
        Ok(outcome) => outcome,
        Err(failure) => Outcome { failure: Some(failure), ..Outcome::default() },
    };
    outcome.duration = began.elapsed();
    outcome
}

async fn attempt(egress: &Inner, call: &Call, deadline: Instant) -> Result<Outcome, Failure> {
    let request = request(egress, call)?;
    let identity = call.identity.as_ref();
    let seat = match egress.pool.take(&call.target, identity).await {
        Taken::Open(seat) => seat,
        Taken::Kept(mut kept) => match head(egress, &mut kept, request.clone(), deadline).await {
            Ok(response) => return Ok(answer(egress, call, kept, response, deadline).await),
            // The receiver closed it as we posted: it cannot have seen the request, so it is sent once more.
            Err(Lost::Unseen) => egress.pool.open(&call.target, identity),
            Err(Lost::Failed(failure)) => return Err(failure),
        },
    };
    let mut fresh = connect::connect(egress, &call.target, identity, deadline).await?.in_seat(seat);
    match head(egress, &mut fresh, request, deadline).await {
        Ok(response) => Ok(answer(egress, call, fresh, response, deadline).await),
        Err(Lost::Unseen) if fresh.asked => Err(failure::closed_after_asking(fresh.authenticated)),
        Err(Lost::Unseen) => Err(failure::closed()),
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

fn request(egress: &Inner, call: &Call) -> Result<Request<Full<Bytes>>, Failure> {
    let mut request = Request::new(Full::new(call.body.clone()));
    *request.method_mut() = call.method.clone();
    let asked_of_proxy = egress.proxy.as_ref().filter(|_| !call.target.is_https());
    *request.uri_mut() = match asked_of_proxy {
        Some(_) => call.target.absolute_uri().map_err(|error| failure::internal(&error.to_string()))?,
        None => call.target.uri(),
    };
    let authorization = call.target.authorization().map(|value| ("authorization", value));
    let to_proxy = asked_of_proxy.and_then(|proxy| Some(("proxy-authorization", proxy.authorization()?)));
    let fields = call.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in fields.chain(authorization).chain(to_proxy) {
        let unsendable = |_| failure::internal(&format!("the header field {name} cannot be sent"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable(()))?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unsendable(()))?;
        request.headers_mut().append(name, value);
    }
    Ok(request)
}

/// Sends the request and waits for the head of the answer; 1xx answers are skipped, within the limits.
async fn head(
    egress: &Inner,
    connection: &mut Connection,
    request: Request<Full<Bytes>>,
    deadline: Instant,
) -> Result<Response<Incoming>, Lost> {
    connection.meter.reset();
    let sent = async {
        connection.sender.ready().await?;
        connection.sender.send_request(request).await
    };
    match timeout_at(deadline, sent).await {
        Ok(Ok(response)) => Ok(response),
        // An alert is an answer: in TLS 1.3 the receiver says only now that it does not take our certificate, or none.
        Ok(Err(error)) if let Some(alert) = failure::tls_in(&error) => {
            Err(Lost::Failed(failure::tls_alert(alert, connection.authenticated)))
        }
        Ok(Err(_)) if connection.meter.count() == 0 => Err(Lost::Unseen),
        Ok(Err(error)) => Err(Lost::Failed(failure::protocol(&error, connection.meter.is_over()))),
        Err(_) => Err(Lost::Failed(failure::answer_timeout(egress.limits.whole, connection.meter.count() > 0))),
    }
}

/// Reads the body as far as it is taken; the status line is the verdict, whatever becomes of the body.
async fn answer(
    egress: &Inner,
    call: &Call,
    connection: Connection,
    response: Response<Incoming>,
    deadline: Instant,
) -> Outcome {
    let (parts, mut incoming) = response.into_parts();
    let mut answer = Answer {
        status: parts.status.as_u16(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect(),
        body: Vec::new(),
        truncated: false,
    };
    let mut broken = None;
    let complete = loop {
        match timeout_at(deadline, incoming.frame()).await {
            Ok(None) => break true,
            Ok(Some(Ok(frame))) => {
                let Ok(data) = frame.into_data() else { continue };
                let room = egress.limits.body - answer.body.len();
                answer.body.extend_from_slice(&data[..data.len().min(room)]);
                if data.len() > room {
                    break false;
                }
            }
            Ok(Some(Err(_))) if connection.meter.is_over() => break false,
            Ok(Some(Err(error))) => {
                broken = Some(failure::broken_body(&error));
                break false;
            }
            Err(_) => {
                broken = Some(failure::body_timeout(egress.limits.whole));
                break false;
            }
        }
    };
    answer.truncated = !complete;
    drop(incoming);
    if complete && parts.status != http::StatusCode::SWITCHING_PROTOCOLS {
        egress.pool.keep(&call.target, call.identity.as_ref(), connection);
    }
    let failure = broken.or_else(|| failure::of_status(&answer, &call.target));
    Outcome { answer: Some(answer), failure, ..Outcome::default() }
}
