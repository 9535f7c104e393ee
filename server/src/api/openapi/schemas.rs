//! Schemas that are written nowhere as a Rust type.

use seinpost_protocol::{
    event::{EventType, Kind, Variable, variables_of},
    rest::{Problem, StreamEvent},
};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema as _, ToSchema as _};

/// Adds the schema of an event, made from the table of variables that intake and decoders use, and those of a problem and of what the stream tells.
pub(super) fn add(document: &mut Value) {
    let schemas = &mut document["components"]["schemas"];
    let mut named = Vec::new();
    Problem::schemas(&mut named);
    named.push((Problem::name().into_owned(), Problem::schema()));
    StreamEvent::schemas(&mut named);
    named.push((StreamEvent::name().into_owned(), StreamEvent::schema()));
    for (name, schema) in named {
        // A schema has no keys that are no strings, so that it can be written.
        schemas[name] = serde_json::to_value(schema).unwrap_or_default();
    }
    let mut kinds = Vec::new();
    for event_type in EventType::ALL {
        let name = name_of(event_type);
        kinds.push(json!({"$ref": format!("#/components/schemas/{name}")}));
        schemas[name] = schema_of(event_type);
    }
    schemas["Event"] = json!({
        "description": "An event, with the variables of its type. Other variables are taken along as they are.",
        "oneOf": kinds,
    });
    let body = &mut document["paths"]["/v1/events"]["post"]["requestBody"]["content"];
    body["application/json"]["schema"] = json!({"$ref": "#/components/schemas/Event"});
}

fn name_of(event_type: EventType) -> String {
    let (first, rest) = event_type.as_str().split_at(1);
    format!("{}{rest}Event", first.to_ascii_uppercase())
}

fn schema_of(event_type: EventType) -> Value {
    let variables = variables_of(event_type);
    let properties: Map<String, Value> =
        variables.iter().map(|each| (each.name.to_owned(), property(event_type, each))).collect();
    let required: Vec<_> = variables.iter().filter(|each| each.required).map(|each| each.name).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn property(event_type: EventType, variable: &Variable) -> Value {
    if variable.name == "type" {
        return json!({"type": "string", "enum": [event_type.as_str()]});
    }
    match variable.kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Name => json!({"type": "string", "minLength": 1}),
        Kind::Time => json!({
            "type": "string", "pattern": "^[0-9]{1,12}$",
            "description": "Unix seconds in decimal digits, up to the end of the year 9999 (253402300799); a number is taken, too.",
        }),
        Kind::Timestamp => json!({
            "type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$",
            "description": "`YYYY-MM-DD HH:MM:SS` in UTC.",
        }),
        Kind::OneOf(words) => json!({"type": "string", "enum": words}),
        Kind::Tags => json!({"type": "array", "items": {"type": "string"}}),
        Kind::Fields => json!({
            "type": "object", "additionalProperties": {"type": "string"}, "description": "Names and their new values.",
        }),
    }
}
