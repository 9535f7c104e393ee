//! The sentences of a report, made when somebody reads them.

use seinpost_protocol::key::PublicKey;
use seinpost_protocol::message::Message;
use seinpost_protocol::verify::{Language, NonceAnswer, Report, SignatureAnswer, begin};

use crate::input::{Answer, Input};
use crate::json;
use crate::keys::kind_of;
use crate::memory::Output;
use crate::verifier::{algorithm_of, seconds, with};

/// Runs the checks once more, with the answers that the host found. Status 1 and the report as JSON; status 0 if the
/// input or the handle is wrong.
pub(crate) fn report(handle: u32, bytes: &[u8], now: f64, out: &mut Output) {
    let text = with(handle, |verifier| {
        let input = Input::read(bytes)?;
        let message = Message::new(input.method, input.url, &input.fields, input.body);
        let begun = begin(&verifier.policy, &message, seconds(now));
        Some(write(&begun.finish(signature(&input.signature), nonce(&input.nonce)), input.language))
    });
    match text.flatten() {
        Some(text) => out.answer(1, text.as_bytes()),
        None => out.answer(0, b""),
    }
}

fn detail(answer: &Answer<'_>) -> String {
    String::from_utf8_lossy(answer.detail).into_owned()
}

fn signature(answer: &Answer<'_>) -> Option<SignatureAnswer> {
    Some(match answer.kind {
        1 => SignatureAnswer::Valid(algorithm_of(answer.number)),
        2 => SignatureAnswer::Invalid,
        3 => SignatureAnswer::KeyNotFound,
        // The host hands back the key that it could not use: what is wrong with it is found again.
        4 => match PublicKey::read(answer.detail) {
            Ok(_) => SignatureAnswer::Invalid,
            Err(error) => SignatureAnswer::KeyUnusable(error),
        },
        5 => SignatureAnswer::WrongKind(kind_of(answer.number)),
        6 => SignatureAnswer::LookupFailed(detail(answer)),
        _ => return None,
    })
}

fn nonce(answer: &Answer<'_>) -> Option<NonceAnswer> {
    Some(match answer.kind {
        1 => NonceAnswer::New,
        2 => NonceAnswer::Seen,
        3 => NonceAnswer::StoreFailed(detail(answer)),
        _ => return None,
    })
}

fn write(report: &Report, language: Language) -> String {
    let mut out = String::from("{");
    json::name(&mut out, "profile");
    json::string(&mut out, report.profile.as_str());
    out.push_str(",\"checks\":[");
    for (index, check) in report.checks.iter().enumerate() {
        out.push_str(if index == 0 { "{\"name\":" } else { ",{\"name\":" });
        json::string(&mut out, check.name.as_str());
        out.push_str(",\"outcome\":");
        json::string(&mut out, check.outcome().as_str());
        out.push_str(",\"reason\":");
        json::string(&mut out, &check.reason.text(language));
        out.push('}');
    }
    out.push(']');
    if let Some(skew) = report.skew() {
        out.push_str(",\"skew\":");
        out.push_str(&skew.to_string());
    }
    out.push_str(",\"notes\":[");
    for (index, note) in report.notes.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        json::string(&mut out, &note.text(language));
    }
    out.push_str("],\"signingString\":");
    match &report.signing_string {
        Some(bytes) => json::string(&mut out, &String::from_utf8_lossy(bytes)),
        None => out.push_str("null"),
    }
    out.push('}');
    out
}
