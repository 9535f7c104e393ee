//! A diagnosis as JSON: the one shape of it, for the npm package, the command, the server and its events.

use super::advice::Language;
use super::model::{Diagnosis, Evidence, Feedback, Original, Recipient};
use crate::event::Value;
use crate::payload::value_to_json;

fn text(value: impl Into<String>) -> Value {
    Value::String(value.into())
}

fn optional(value: Option<&str>) -> Value {
    value.map_or(Value::Null, text)
}

fn number(value: usize) -> Value {
    Value::Number(value.to_string())
}

fn object<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

impl Diagnosis {
    /// The diagnosis as a value: what [`to_json`](Self::to_json) writes.
    ///
    /// `kind`, `delayed`, `permanent`, `recipients` (each with `address`, `alias`, `status`, `code`, `reason`, `action`,
    /// `diagnostic`, `remoteMta` and `evidence` of `rule`, `start` and `end`), `original`, `autoReply`, `feedback`,
    /// `reportingMta` and `advice`. What is not known is `null`.
    #[must_use]
    pub fn to_value(&self, language: Language) -> Value {
        object([
            ("kind", text(self.kind.as_str())),
            ("delayed", Value::Bool(self.delayed)),
            ("permanent", Value::Bool(self.permanent)),
            ("recipients", Value::Array(self.recipients.iter().map(recipient).collect())),
            ("original", self.original.as_ref().map_or(Value::Null, original)),
            ("autoReply", optional(self.auto_reply.map(super::AutoReply::as_str))),
            ("feedback", self.feedback.as_ref().map_or(Value::Null, feedback)),
            ("reportingMta", optional(self.reporting_mta.as_deref())),
            ("advice", text(self.advice(language))),
        ])
    }

    /// The diagnosis as compact JSON.
    #[must_use]
    pub fn to_json(&self, language: Language) -> String {
        value_to_json(&self.to_value(language))
    }
}

fn recipient(recipient: &Recipient) -> Value {
    object([
        ("address", text(recipient.address.as_str())),
        ("alias", optional(recipient.alias.as_deref())),
        ("status", recipient.status.map_or(Value::Null, |status| text(status.to_string()))),
        ("code", recipient.code.map_or(Value::Null, |code| number(code.into()))),
        ("reason", text(recipient.reason.as_str())),
        ("action", optional(recipient.action.map(super::Action::as_str))),
        ("diagnostic", optional(recipient.diagnostic.as_deref())),
        ("remoteMta", optional(recipient.remote_mta.as_deref())),
        ("evidence", evidence(&recipient.evidence)),
    ])
}

fn evidence(evidence: &Evidence) -> Value {
    object([
        ("rule", text(evidence.rule.as_str())),
        ("start", number(evidence.range.start)),
        ("end", number(evidence.range.end)),
    ])
}

fn original(original: &Original) -> Value {
    object([
        ("messageId", optional(original.message_id.as_deref())),
        ("from", optional(original.from.as_deref())),
        ("subject", optional(original.subject.as_deref())),
        ("date", optional(original.date.as_deref())),
    ])
}

fn feedback(feedback: &Feedback) -> Value {
    object([
        ("type", optional(feedback.kind.as_deref())),
        ("userAgent", optional(feedback.user_agent.as_deref())),
        ("sourceIp", optional(feedback.source_ip.as_deref())),
        ("arrivalDate", optional(feedback.arrival_date.as_deref())),
    ])
}
