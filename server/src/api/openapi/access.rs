//! Who may call, how often, and how a call is made once: it follows from the table of scopes.

use serde_json::{Value, json};

use super::each_operation;
use crate::api::scopes::{Needs, needed};

/// Describes scopes, quotas and idempotency keys of every operation.
pub(super) fn add(document: &mut Value) {
    document["components"]["headers"] = json!({
        "RateLimit": {
            "description": "How many calls are left (`r`), and in how many seconds there are as many as there can be (`t`).",
            "schema": {"type": "string"}, "example": "\"calls\";r=996;t=1",
        },
        "RateLimit-Policy": {
            "description": "How many calls there can be at once (`q`), and in how many seconds they come back (`w`).",
            "schema": {"type": "string"}, "example": "\"calls\";q=1000;w=10",
        },
    });
    each_operation(document, |method, path, operation| {
        let scope = match needed(&method.to_uppercase(), path) {
            None | Some(Needs::Nothing) => return,
            Some(Needs::Anyone) => None,
            Some(Needs::Scope(scope)) => Some(scope),
        };
        if let Some(scope) = scope {
            let scopes = json!([scope.as_str()]);
            operation
                .insert("security".into(), json!([{"token": scopes}, {"token_in_query": scopes}, {"session": scopes}]));
            let words = operation.get("description").and_then(Value::as_str).unwrap_or_default();
            let words = format!("{words}\n\nNeeds the scope `{scope}`.").trim().to_owned();
            operation.insert("description".into(), json!(words));
        }
        let responses = &mut operation["responses"];
        for response in responses.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
            for name in ["RateLimit", "RateLimit-Policy"] {
                response["headers"][name] = json!({"$ref": format!("#/components/headers/{name}")});
            }
        }
        if method == "post" {
            add_idempotency(operation);
        }
    });
}

fn add_idempotency(operation: &mut serde_json::Map<String, Value>) {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else { return };
    if parameters.iter().any(|each| each["name"] == "Idempotency-Key") {
        return;
    }
    parameters.push(json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Makes a repeat of this call harmless for 24 hours: another key for each call",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }));
    let responses = &mut operation["responses"];
    if responses.get("409").is_none() {
        responses["409"] = json!({
            "description": "The same Idempotency-Key came with another call, or with this one, which is not finished yet",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        });
    }
}
