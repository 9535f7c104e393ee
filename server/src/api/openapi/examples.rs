//! An example of every body, made from its schema, so that it always fits.
//!
//! Where a schema has an example of its own, that is taken; other values are taken by the name of the property.

use seinpost_protocol::event::{self, EventType};
use serde_json::{Map, Value, json};

use super::each_operation;

/// How deep examples go: schemas that hold themselves end somewhere.
const DEEPEST: usize = 12;
/// The moment of the examples: 2025-11-25T13:05:12Z.
const MOMENT: u64 = 1_764_075_912;

/// Values of properties, by the schema that they are in, or (`*`) in any.
const VALUES: &[(&str, &str, &str)] = &[
    ("Webhook", "id", "wh_01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
    ("WebhookChange", "id", "wh_01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
    ("Delivery", "id", "dlv_0NK3P5A0802DM"),
    ("Delivery", "replays", "dlv_0NK3P58JR40QT"),
    ("LastDelivery", "id", "dlv_0NK3P5A0802DM"),
    ("EventDelivery", "id", "dlv_0NK3P5A0802DM"),
    ("EventDelivery", "replays", "dlv_0NK3P58JR40QT"),
    ("Failing", "delivery", "dlv_0NK3P5A0802DM"),
    ("RefusedCheck", "check", "date"),
    ("RefusedCheck", "host", "app:3000"),
    ("DeliveryChange", "id", "dlv_0NK3P5A0802DM"),
    ("Accepted", "id", "evt_0NK3P5A04006R"),
    ("EventSummary", "id", "evt_0NK3P5A04006R"),
    ("Replay", "id", "rpl_7"),
    ("Token", "id", "tok_01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
    ("SigninLink", "id", "lnk_01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
    ("SigninLink", "url", "https://hooks.example.com/signin#code=sGkxP1vN9yWq2bT7"),
    ("AuditEntry", "id", "aud_0NK3P5A0802DM"),
    ("AuditEntry", "kind", "webhook.changed"),
    ("AuditActor", "id", "tok_01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
    ("AuditObject", "id", "wh_01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
    ("AuditObject", "kind", "webhook"),
    ("AuditObject", "name", "https://hooks.example.com/mail/bounces"),
    ("AuditChange", "field", "format"),
    ("Settings", "name", "Example Mail"),
    ("Environment", "name", "Production"),
    ("EnvironmentPatch", "name", "Production"),
    ("NewSession", "code", "sGkxP1vN9yWq2bT7"),
    ("Session", "id", "ses_01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
    ("Session", "name", "Production"),
    ("Verification", "content", "seinpost-verification=Q2hlY2tlZA"),
    ("Tried", "url", "https://hooks.example.com/mail/smtpeter-k4W9x.txt"),
    ("HistoryEntry", "kind", "verified"),
    ("HistoryEntry", "detail", "https://hooks.example.com/mail/smtpeter-k4W9x.txt"),
    ("ResponseRecord", "body", "ok"),
    ("Problem", "code", "url-unverified"),
    ("*", "webhook", "wh_01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
    ("*", "event", "evt_0NK3P5A04006R"),
    ("*", "url", "https://hooks.example.com/mail/bounces"),
    ("*", "type", "bounce"),
    ("*", "file", "smtpeter-k4W9x.txt"),
    ("*", "locations", "https://hooks.example.com/mail/smtpeter-k4W9x.txt"),
    ("*", "digest_name", "sha-256"),
    ("*", "keyid", "202511._domainkey.mail.example.com"),
    ("*", "key_domain", "mail.example.com"),
    ("*", "dns", "v=DKIM1;k=rsa;p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A…"),
    ("*", "secret", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    ("*", "token", "seinpost_sGkxP1vN9yWq2bT7hJ4mZc8dR6fKpE3uY5nA0xQvL2w"),
    ("*", "person", "ann@example.com"),
    ("*", "logo", "/branding/logo"),
    ("*", "accent", "#1d5fd1"),
    ("*", "csrf", "4f1c9a6b2e8d7035"),
    ("*", "method", "POST"),
    ("*", "detail", "What happened, what it means, and what to do."),
    ("*", "status_by", "CRM"),
    ("*", "disabled_reason", "nothing but failures for four days"),
    ("*", "message", "msg-7f3a19"),
    ("*", "recipient", "reader@example.net"),
    ("*", "tags", "newsletter"),
    ("*", "name", "CRM"),
    ("*", "body_encoding", "base64"),
    ("*", "code", "missing"),
    ("*", "variable", "recipient"),
    ("*", "next", "01KAXQ9FJM6T3V8Y2N5C7R4ZDE"),
];

/// Values of properties that are no texts, or texts that hang together, by the schema that they are in; as JSON. What the
/// API takes is an example that it takes: a schema alone does not say all of it.
const WHOLE: &[(&str, &str, &str)] = &[
    ("Batching", "max_events", "100"),
    ("Batching", "max_ms", "500"),
    ("RateLimit", "per_second", "10"),
    ("RateLimit", "burst", "20"),
    ("TagFilter", "all", r#"["newsletter"]"#),
    ("TagFilter", "any", r#"["spring", "summer"]"#),
    ("TagFilter", "none", r#"["internal"]"#),
    ("DomainFilter", "include", r#"["example.net"]"#),
    ("DomainFilter", "exclude", r#"["test.example.net"]"#),
    ("Privacy", "recipient", r#""hashed""#),
    ("Privacy", "recipient_key", r#""a key of one's own""#),
    ("Privacy", "ip", r#""truncated""#),
    ("NewWebhook", "headers", r#"[["x-source", "mail"]]"#),
    ("WebhookPatch", "headers", r#"[["x-source", "mail"]]"#),
    ("WebhookOptions", "headers", r#"[["x-source", "mail"]]"#),
    ("NewWebhook", "retries", "[5, 300, 1800]"),
    ("WebhookPatch", "retries", "[5, 300, 1800]"),
    ("WebhookOptions", "retries", "[5, 300, 1800]"),
    ("NewWebhook", "concurrency", "16"),
    ("WebhookPatch", "concurrency", "16"),
    ("WebhookOptions", "concurrency", "16"),
    ("WebhookPatch", "status", r#""paused""#),
    ("NewToken", "expires", r#""2035-01-01T00:00:00Z""#),
    ("Token", "expires", r#""2035-01-01T00:00:00Z""#),
    ("TokenCreated", "expires", r#""2035-01-01T00:00:00Z""#),
    ("NewReplay", "from", r#""2025-11-25T13:00:00Z""#),
    ("NewReplay", "until", r#""2025-11-25T14:00:00Z""#),
    ("NewClientCertificate", "certificate", r#""-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n""#),
    ("NewClientCertificate", "key", r#""-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n""#),
];

/// Properties that no example has, as it would not be taken with the rest: where a new URL is set, it must be verified before
/// the status can be.
const LEFT_OUT: [(&str, &str); 1] = [("WebhookPatch", "url")];

fn whole(owner: &str, name: &str) -> Option<Value> {
    let (.., value) = WHOLE.iter().find(|(schema, property, _)| *schema == owner && *property == name)?;
    serde_json::from_str(value).ok()
}

/// Gives every body of every operation an example, if it has none.
pub(super) fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    each_operation(document, |_, _, operation| {
        if let Some(content) = operation.get_mut("requestBody").and_then(|body| body.get_mut("content")) {
            fill(content, &schemas);
        }
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
        for response in responses.values_mut() {
            if let Some(content) = response.get_mut("content") {
                fill(content, &schemas);
            }
        }
    });
}

fn fill(content: &mut Value, schemas: &Value) {
    let Some(content) = content.as_object_mut() else { return };
    for (media_type, body) in content {
        if body.get("example").is_some() || body.get("examples").is_some() {
            continue;
        }
        body["example"] = match media_type.as_str() {
            "text/plain" | "text/csv" | "application/xml" | "text/event-stream" => json!(text_of(media_type)),
            "application/x-ndjson" => json!(lines()),
            _ => Maker { schemas }.make(&body["schema"], "*", "*", 0),
        };
    }
}

fn text_of(media_type: &str) -> &'static str {
    match media_type {
        "text/csv" => "id,time\nmsg-7f3a19,2025-11-25 13:05:12\n",
        "application/xml" => "<records><record><id>msg-7f3a19</id></record></records>",
        "text/event-stream" => "id: 1-1\nevent: hello\ndata: {\"kind\":\"hello\"}\n\n",
        _ => "ok\n",
    }
}

/// Two events, one a line.
fn lines() -> String {
    [EventType::Delivery, EventType::Open]
        .into_iter()
        .map(|each| format!("{}\n", event::sample(each, MOMENT).replace('\n', "")))
        .collect()
}

/// Makes values that fit schemas.
struct Maker<'a> {
    schemas: &'a Value,
}

impl Maker<'_> {
    /// A value for `schema`, which describes the property `name` of the schema `owner`.
    fn make(&self, schema: &Value, owner: &str, name: &str, depth: usize) -> Value {
        if depth > DEEPEST {
            return Value::Null;
        }
        if let Some(own) = schema.get("example").or_else(|| schema.get("examples").and_then(|all| all.get(0))) {
            return own.clone();
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = target.rsplit('/').next().unwrap_or_default();
            if target == "Event" {
                return serde_json::from_str(&event::sample(EventType::Failure, MOMENT)).unwrap_or_default();
            }
            return self.make(&self.schemas[target], target.split('_').next().unwrap_or(target), name, depth + 1);
        }
        if let Some(one) = schema.get("enum").and_then(|all| all.get(0)).or_else(|| schema.get("const")) {
            return one.clone();
        }
        for several in ["oneOf", "anyOf"] {
            if let Some(kinds) = schema.get(several).and_then(Value::as_array) {
                let kind = kinds.iter().find(|kind| kind["type"] != "null");
                return kind.map_or(Value::Null, |kind| self.make(kind, owner, name, depth + 1));
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.together(parts, owner, name, depth);
        }
        match type_of(schema) {
            "object" => self.object(schema, owner, depth),
            "array" => self.array(schema, owner, name, depth),
            "integer" => number(schema, name),
            "number" => json!(0.98),
            "boolean" => json!(false),
            "string" => json!(text(schema, owner, name)),
            "null" => Value::Null,
            // Anything fits.
            _ => json!({}),
        }
    }

    fn together(&self, parts: &[Value], owner: &str, name: &str, depth: usize) -> Value {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(fields) = self.make(part, owner, name, depth + 1) {
                whole.extend(fields);
            }
        }
        Value::Object(whole)
    }

    fn object(&self, schema: &Value, owner: &str, depth: usize) -> Value {
        let properties = schema.get("properties").and_then(Value::as_object);
        let shown = properties.into_iter().flatten().filter(|(name, _)| !LEFT_OUT.contains(&(owner, name.as_str())));
        let made = shown.map(|(name, schema)| {
            let value = whole(owner, name).unwrap_or_else(|| self.make(schema, owner, name, depth + 1));
            (name.clone(), value)
        });
        Value::Object(made.collect())
    }

    fn array(&self, schema: &Value, owner: &str, name: &str, depth: usize) -> Value {
        if let Some(places) = schema.get("prefixItems").and_then(Value::as_array) {
            // The only tuples are header fields.
            return places.iter().zip(["content-type", "application/json"]).map(|(_, value)| json!(value)).collect();
        }
        json!([self.make(&schema["items"], owner, name, depth + 1)])
    }
}

/// The type of a value, the first that is not `null` where there may be several.
fn type_of(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(one)) => one,
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).find(|each| *each != "null").unwrap_or("null")
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "",
    }
}

fn number(schema: &Value, name: &str) -> Value {
    let value = match name {
        "status" | "response_status" => 200,
        "environment" => 1,
        "retention_days" => 30,
        "link_seconds" => 600,
        "session_seconds" => 43_200,
        "duration_ms" | "median_ms" => 42,
        "port" => 443,
        "p95_ms" => 187,
        _ => 1,
    };
    let least = schema.get("minimum").and_then(Value::as_i64).unwrap_or(i64::MIN);
    let most = schema.get("maximum").and_then(Value::as_i64).unwrap_or(i64::MAX);
    json!(value.clamp(least, most.max(least)))
}

fn text(schema: &Value, owner: &str, name: &str) -> String {
    if schema["format"] == "date-time" {
        return "2025-11-25T13:05:12.250Z".into();
    }
    let of_schema = VALUES.iter().find(|(schema, property, _)| *schema == owner && *property == name);
    let found = of_schema.or_else(|| VALUES.iter().find(|(schema, property, _)| *schema == "*" && *property == name));
    found.map_or_else(|| "text".into(), |(_, _, value)| (*value).into())
}
