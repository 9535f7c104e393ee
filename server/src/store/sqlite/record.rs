//! How an attempt is written in its column: a byte for the version, then the record in postcard's compact form.

use seinpost_protocol::rest::ErrorKind;
use serde::{Deserialize, Serialize};

use crate::store::{AttemptRecord, RecordedBody, RecordedRequest, RecordedResponse, StoreError, StoreResult};

/// The version written; an older one is still read when the form changes.
const VERSION: u8 = 1;

/// Names and values.
type Fields<'a> = Vec<(&'a str, &'a [u8])>;

#[derive(Serialize, Deserialize)]
struct Version1<'a> {
    url: &'a str,
    form: bool,
    #[serde(borrow)]
    request: Fields<'a>,
    /// Header fields, body, whether it was cut.
    #[serde(borrow)]
    response: Option<(Fields<'a>, &'a [u8], bool)>,
    #[serde(borrow)]
    error: Option<(u8, &'a str)>,
}

/// The kinds by number: new ones go at the end.
const KINDS: [ErrorKind; 8] = [
    ErrorKind::Dns,
    ErrorKind::RefusedTarget,
    ErrorKind::Connect,
    ErrorKind::Tls,
    ErrorKind::Timeout,
    ErrorKind::Protocol,
    ErrorKind::BrokenBody,
    ErrorKind::Internal,
];

pub(super) fn write(attempt: &AttemptRecord) -> StoreResult<Vec<u8>> {
    fn borrowed(fields: &[(String, Vec<u8>)]) -> Fields<'_> {
        fields.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect()
    }
    let record = Version1 {
        url: &attempt.request.url,
        form: attempt.request.body == RecordedBody::Form,
        request: borrowed(&attempt.request.headers),
        response: attempt
            .response
            .as_ref()
            .map(|response| (borrowed(&response.headers), response.body.as_slice(), response.truncated)),
        error: attempt.error.as_ref().map(|(kind, detail)| {
            let number = KINDS.iter().position(|each| each == kind).unwrap_or(KINDS.len() - 1);
            (u8::try_from(number).unwrap_or(u8::MAX), detail.as_str())
        }),
    };
    postcard::to_extend(&record, vec![VERSION]).map_err(|error| StoreError::Broken(format!("an attempt: {error}")))
}

/// Reads what [`write()`] wrote, with what stands in columns of its own.
pub(super) fn read(
    bytes: &[u8],
    n: u32,
    started: i64,
    duration: u64,
    status: Option<u16>,
) -> StoreResult<AttemptRecord> {
    fn owned(fields: Fields<'_>) -> Vec<(String, Vec<u8>)> {
        fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
    let damaged = || StoreError::Broken(format!("the record of an attempt (of {} bytes) is damaged", bytes.len()));
    let (&VERSION, rest) = bytes.split_first().ok_or_else(damaged)? else { return Err(damaged()) };
    let record: Version1<'_> = postcard::from_bytes(rest).map_err(|_| damaged())?;
    Ok(AttemptRecord {
        n,
        started,
        duration,
        request: RecordedRequest {
            url: record.url.to_owned(),
            headers: owned(record.request),
            body: if record.form { RecordedBody::Form } else { RecordedBody::AsItCame },
        },
        response: match (record.response, status) {
            (Some((headers, body, truncated)), Some(status)) => {
                Some(RecordedResponse { status, headers: owned(headers), body: body.to_owned(), truncated })
            }
            _ => None,
        },
        error: record.error.map(|(kind, detail)| {
            (KINDS.get(usize::from(kind)).copied().unwrap_or(ErrorKind::Internal), detail.to_owned())
        }),
    })
}
