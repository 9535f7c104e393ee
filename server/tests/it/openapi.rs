//! The description of the API says all that there is, and the truth.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{app::TestApp, client::Client, receiver::Receiver};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Each operation with its method and its path.
fn operations(document: &Value) -> Vec<(&'static str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            METHODS.into_iter().filter_map(|method| Some((method, path.as_str(), item.get(method)?)))
        })
        .collect()
}

#[tokio::test]
async fn the_document_is_served_without_a_token() {
    let app = TestApp::start().await;
    let client = Client { token: None, ..app.client.clone() };
    let reply = client.get("/openapi.json").await.expect(200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.json::<Value>(), seinpost_server::api::document());
    assert_eq!(reply.json::<Value>()["openapi"], "3.1.0");
    let again = client.call("GET", "/openapi.json", &[("if-none-match", reply.header("etag"))], "").await;
    again.expect(304);
}

#[test]
fn every_operation_has_its_words_its_errors_and_examples() {
    let document = seinpost_server::api::document();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{place}: the id is taken");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{place}: no summary");
        assert!(operation["tags"][0].is_string(), "{place}: no tag");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{place}: no success");
        assert!(responses.keys().any(|status| status.starts_with('4') || status == "500") || path == "/health/live");
        if !operation["security"].as_array().is_some_and(|all| all.contains(&serde_json::json!({}))) {
            assert!(responses.contains_key("401") && responses.contains_key("403"), "{place}");
        }
        let bodies = responses.values().chain(operation.get("requestBody"));
        for (media_type, body) in bodies.filter_map(|body| body["content"].as_object()).flatten() {
            assert!(body["schema"].is_object(), "{place}: {media_type} has no schema");
            assert!(body["example"] != Value::Null, "{place}: {media_type} has no example");
        }
        for parameter in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let described = operation["parameters"].as_array().unwrap();
            assert!(described.iter().any(|each| each["name"] == parameter && each["in"] == "path"), "{place}");
        }
    }
}

#[test]
fn every_example_fits_its_schema() {
    let document = seinpost_server::api::document();
    for (method, path, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap();
        for body in responses.values().chain(operation.get("requestBody")) {
            for (media_type, body) in body["content"].as_object().into_iter().flatten() {
                let mut schema = body["schema"].clone();
                schema["components"] = document["components"].clone();
                let validator = jsonschema::validator_for(&schema).unwrap();
                let wrong: Vec<_> = validator.iter_errors(&body["example"]).map(|error| error.to_string()).collect();
                assert!(wrong.is_empty(), "{method} {path} {media_type}: {wrong:?} in {}", body["example"]);
            }
        }
    }
}

/// Two cannot be taken as they are: a code is good for one session, and a private key is nothing to be shown.
const PLACEHOLDERS: [&str; 2] = ["/v1/session", "/v1/webhooks/{id}/client-certificate"];

#[tokio::test]
async fn every_example_is_taken_as_it_stands() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({"type": "bounce"})).await;
    let mut taken = 0;
    for (method, path, operation) in operations(&seinpost_server::api::document()) {
        let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
        for (media_type, body) in bodies.filter(|_| !PLACEHOLDERS.contains(&path)) {
            let example = &body["example"];
            let text = match media_type.as_str() {
                "application/json" => example.to_string(),
                // The example of a form shows its fields; written as one it is the same as the JSON.
                "application/x-www-form-urlencoded" => continue,
                _ => example.as_str().unwrap().to_owned(),
            };
            let path = path.replace("{id}", &webhook.id);
            let reply =
                app.client.call(&method.to_uppercase(), &path, &[("content-type", media_type)], text.clone()).await;
            assert!(reply.status < 300, "{method} {path}: {} {} to {text}", reply.status, reply.text());
            taken += 1;
        }
    }
    assert!(taken > 10, "{taken}");
}

/// What is routed without `routes!` is not in the document by itself: there are the old names, which openapi.rs adds, and
/// the document.
#[test]
fn every_route_is_in_the_document() {
    let sources = ["api.rs", "api/openapi.rs", "dashboard.rs"].map(|file| {
        let path = format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    });
    let routed = sources.iter().flat_map(|source| source.match_indices(".route(").map(|(at, _)| &source[at..]));
    let routed: BTreeSet<_> = routed.map(|rest| rest.split([',', ')']).next().unwrap()).collect();
    let known = BTreeSet::from([".route(\"/feedbackloops\"", ".route(\"/feedbackloop\"", ".route(PATH", ".route(PAGE"]);
    assert_eq!(routed, known, "add routes by `.routes(routes!(…))`: see CONTRIBUTING.md");
    let document = seinpost_server::api::document();
    for old in ["/v1/feedbackloops", "/v1/feedbackloop", "/openapi.json", "/docs"] {
        assert!(document["paths"][old].is_object(), "{old}");
    }
}

#[tokio::test]
async fn every_operation_of_the_document_is_there() {
    let app = TestApp::start().await;
    let client = Client { token: None, ..app.client.clone() };
    for (method, path, operation) in operations(&seinpost_server::api::document()) {
        let path = path.replace(['{', '}'], "");
        let reply = client.call(&method.to_uppercase(), &path, &[("content-type", "application/json")], "").await;
        assert!(operation["responses"].get(reply.status.to_string()).is_some(), "{method} {path}: {}", reply.status);
        assert_ne!(reply.status, 405, "{method} {path}");
        assert!(!reply.text().contains("no such call"), "{method} {path}: {}", reply.text());
        let is_open = operation["security"].as_array().is_some_and(|all| all.contains(&serde_json::json!({})));
        if !is_open {
            assert_eq!(reply.status, 401, "{method} {path}: {}", reply.text());
        }
    }
}

#[tokio::test]
async fn parameters_that_a_call_does_not_know_are_refused() {
    let app = TestApp::start().await;
    let (mut strict, mut lenient, mut without) = (0, 0, 0);
    for (method, path, operation) in operations(&seinpost_server::api::document()) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let names: Vec<_> = parameters.filter(|each| each["in"] == "query").map(|each| each["name"].clone()).collect();
        if path == "/v1/stream" {
            continue;
        }
        let place = path.replace(['{', '}'], "");
        let reply = app.client.call(&method.to_uppercase(), &format!("{place}?statu=failed"), &[], "").await;
        // What people and machines open without a token takes anything: a `?` there is to get past a cache.
        if !path.starts_with("/v1/") {
            reply.expect(200);
            continue;
        }
        // What SMTPeter's customers call takes what they always sent along.
        let is_theirs = |each: &str| path.starts_with(&format!("/v1/events/{each}/"));
        if ["/v1/webhook", "/v1/webhooks", "/v1/feedbackloop", "/v1/feedbackloops"].contains(&path)
            || ["messageid", "email", "tags"].into_iter().any(is_theirs)
        {
            assert!(!reply.text().contains("\"statu\""), "{path}: {}", reply.text());
            lenient += 1;
            continue;
        }
        assert_eq!(reply.status, 422, "{method} {path}: {}", reply.text());
        assert!(operation["responses"]["422"].is_object(), "{method} {path}");
        let problem = reply.json::<Value>();
        assert_eq!(problem["errors"][0]["variable"], "statu", "{path}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(names.iter().all(|name| detail.contains(name.as_str().unwrap())), "{problem}");
        if names.is_empty() {
            assert_eq!(detail, "statu: this call has no parameters");
            without += 1;
        }
        strict += 1;
        // A token in the query is no parameter of a call.
        if method == "get" && names.is_empty() {
            let token = app.client.token.as_ref().unwrap();
            let client = Client { token: None, ..app.client.clone() };
            let reply = client.get(&format!("{place}?access_token={token}")).await;
            assert!([200, 401, 404].contains(&reply.status), "{path}: {} {}", reply.status, reply.text());
        }
    }
    assert!(strict > 40 && without > 30 && lenient == 7, "{strict} {without} {lenient}");
}

#[tokio::test]
async fn the_page_shows_all_and_asks_nobody() {
    let app = TestApp::start().await;
    let client = Client { token: None, ..app.client.clone() };
    let page = client.get("/docs").await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    let html = page.text();
    for outside in ["<script", "src=", "href=\"http", "@import", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
    let document = seinpost_server::api::document();
    for (_, path, operation) in operations(&document) {
        assert!(html.contains(&format!("<code>{path}</code>")), "{path}");
        assert!(html.contains(&format!("<article id=\"{}\">", operation["operationId"].as_str().unwrap())), "{path}");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(html.contains(&format!("<article id=\"schema-{name}\">")), "{name}");
    }
}
