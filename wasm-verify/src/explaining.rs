//! What the module with the search needs of this one.

use seinpost_protocol::explain::{Cause, Explanation, OtherKey};
use seinpost_protocol::key::Secret;
use seinpost_protocol::message::Message;
use seinpost_protocol::verify::{Language, Policy};

use crate::input::Input;
use crate::json;
use crate::memory;
use crate::verifier::{algorithm_bits, seconds, with};

/// The search; a function of [`seinpost_protocol::explain`], handed in so that this module does not hold it.
pub type Explain = fn(&Policy, &[Secret], &Message<'_>, &[u8], u64) -> Explanation;

/// Runs the search on the request and body in the input. Status 1 and the answer as JSON, with signing strings and
/// signatures as one character for each byte; status 0 if the input or the handle is wrong.
pub fn explain_with(handle: u32, length: usize, now: f64, explain: Explain) -> usize {
    memory::with(length, |bytes, out| {
        let text = with(handle, |verifier| {
            let input = Input::read(bytes)?;
            let message = Message::new(input.method, input.url, &input.fields, input.body);
            let body = input.bytes.unwrap_or_default();
            let secrets: Vec<Secret> = verifier.secrets.iter().map(|(secret, _)| secret.clone()).collect();
            let found = explain(&verifier.policy, &secrets, &message, body, seconds(now));
            Some(write(&found, input.language))
        });
        match text.flatten() {
            Some(text) => out.answer(1, text.as_bytes()),
            None => out.answer(0, b""),
        }
    })
}

fn write(found: &Explanation, language: Language) -> String {
    let mut out = String::from("{\"causes\":[");
    for (index, each) in found.causes.iter().enumerate() {
        out.push_str(if index == 0 { "{" } else { ",{" });
        cause(&mut out, each, language);
        out.push('}');
    }
    out.push_str("],\"trials\":[");
    for (index, trial) in found.trials.iter().enumerate() {
        out.push_str(if index == 0 { "{" } else { ",{" });
        cause(&mut out, &trial.cause, language);
        out.push_str(",\"signingString\":");
        json::string(&mut out, &characters(&trial.signing_string));
        if let Some(OtherKey { name, candidate }) = &trial.key {
            out.push_str(",\"keyId\":");
            match trial.cause {
                Cause::KeyUnnamed { position, .. } => out.push_str(&position.to_string()),
                _ => json::string(&mut out, name),
            }
            out.push_str(",\"algorithms\":");
            out.push_str(&algorithm_bits(candidate.requested).to_string());
            out.push_str(",\"signature\":");
            json::string(&mut out, &characters(&candidate.signature));
        }
        out.push('}');
    }
    out.push_str("]}");
    out
}

/// One character for each byte.
fn characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn cause(out: &mut String, cause: &Cause, language: Language) {
    out.push_str("\"code\":");
    json::string(out, cause.code());
    out.push_str(",\"text\":");
    json::string(out, &cause.text(language));
    out.push_str(",\"cure\":");
    json::string(out, &cause.cure(language));
}
