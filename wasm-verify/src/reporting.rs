//! The sentences of a report, made when somebody reads them.

use seinpost_protocol::key::PublicKey;
use seinpost_protocol::message::Message;
use seinpost_protocol::verify::{Language, NextStep, NonceAnswer, Note, Reason, Report, SignatureAnswer, begin};

use crate::input::{Answer, Input};
use crate::json;
use crate::keys::kind_of;
use crate::memory::{self, Output};
use crate::verifier::{algorithm_of, seconds, with};

/// Who writes the sentences. It is a type, so that this module holds only the language that it speaks itself.
pub trait Words {
    /// Why a check has its outcome.
    fn reason(reason: &Reason, language: Language) -> String;
    /// What was put up with.
    fn note(note: &Note, language: Language) -> String;
    /// What to do about a check that failed, in words; none where the caller knows them by the step's number.
    fn next_step(step: NextStep, language: Language) -> Option<&'static str>;
}

/// What this module says: English, whatever is asked, and of the next steps their numbers.
#[cfg(feature = "report")]
pub(crate) struct English;

#[cfg(feature = "report")]
impl Words for English {
    fn reason(reason: &Reason, _: Language) -> String {
        reason.english()
    }

    fn note(note: &Note, _: Language) -> String {
        note.english()
    }

    fn next_step(_: NextStep, _: Language) -> Option<&'static str> {
        None
    }
}

/// The report on the request and the answers in the input, as `report` writes it, in words of the caller's.
pub fn report_with<W: Words>(handle: u32, length: usize, now: f64) -> usize {
    memory::with(length, |bytes, out| report::<W>(handle, bytes, now, out))
}

/// Runs the checks once more, with the answers that the host found. Status 1 and the report as JSON; status 0 if the
/// input or the handle is wrong.
fn report<W: Words>(handle: u32, bytes: &[u8], now: f64, out: &mut Output) {
    let text = with(handle, |verifier| {
        let input = Input::read(bytes)?;
        let message = Message::new(input.method, input.url, &input.fields, input.body);
        let begun = begin(&verifier.policy, &message, seconds(now));
        Some(write::<W>(&begun.finish(signature(&input.signature), nonce(&input.nonce)), input.language))
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

fn write<W: Words>(report: &Report, language: Language) -> String {
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
        json::string(&mut out, &W::reason(&check.reason, language));
        if let Some(step) = check.reason.next_step() {
            out.push_str(",\"next\":");
            match W::next_step(step, language) {
                Some(text) => json::string(&mut out, text),
                None => out.push_str(&step.number().to_string()),
            }
        }
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
        json::string(&mut out, &W::note(note, language));
    }
    out.push_str("],\"signingString\":");
    match &report.signing_string {
        Some(bytes) => json::string(&mut out, &String::from_utf8_lossy(bytes)),
        None => out.push_str("null"),
    }
    out.push('}');
    out
}
