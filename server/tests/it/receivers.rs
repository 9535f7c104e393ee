//! The receivers in Rust that the inspector offers to copy, as they stand: each takes a call of this server, and refuses
//! it as soon as anything of it is otherwise.

#[path = "../../../frontend/inspect/receivers/cavage.rs"]
#[expect(unreachable_pub, reason = "it is the whole of a crate where it is copied to")]
mod cavage;
#[path = "../../../frontend/inspect/receivers/rfc9421.rs"]
#[expect(unreachable_pub, reason = "it is the whole of a crate where it is copied to")]
mod rfc9421;
#[path = "../../../frontend/inspect/receivers/standard.rs"]
#[expect(unreachable_pub, reason = "it is the whole of a crate where it is copied to")]
mod standard;

use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::support::{
    app::{BEGIN, TestApp},
    receiver::{Received, Receiver},
};

const NOW: u64 = BEGIN as u64 / 1000;

fn fields(call: &Received) -> HashMap<String, String> {
    call.headers.iter().map(|(name, value)| (name.clone(), String::from_utf8(value.clone()).unwrap())).collect()
}

/// A call of the server, with what its receiver knows: the webhook's secret, or the key by its name.
struct Call {
    received: Received,
    host: String,
    secret: Option<String>,
    keys: HashMap<String, String>,
}

async fn call(settings: Value) -> Call {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, settings).await;
    app.client.post(&format!("/v1/webhooks/{}/test", webhook.id), &Value::Null).await.expect(200);
    let keys: Value = app.client.get("/v1/keys").await.expect(200).json();
    let text = |name: &str| keys[0][name].as_str().unwrap().to_owned();
    let p = text("dns").split_once("p=").unwrap().1.to_owned();
    Call {
        received: receiver.next().await,
        host: receiver.address.to_string(),
        secret: webhook.secret,
        keys: HashMap::from([(text("keyid"), p)]),
    }
}

/// The fields of a call with one of them otherwise.
fn with(fields: &HashMap<String, String>, name: &str, change: impl FnOnce(&str) -> String) -> HashMap<String, String> {
    let mut fields = fields.clone();
    let value = change(&fields[name]);
    fields.insert(name.into(), value);
    fields
}

#[tokio::test]
async fn cavage_in_rust() {
    for format in ["json", "form"] {
        let Call { received, host, keys, .. } = call(json!({"format": format})).await;
        let receiver = cavage::Receiver { host, environment: "environment_1".into(), keys };
        let (good, body, target) = (fields(&received), received.body.to_vec(), received.target.clone());
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        receiver.verify("POST", &target, &good, &body, now).unwrap();
        receiver.verify("POST", &target, &good, &body, now + Duration::from_secs(60)).unwrap();
        let refused = |target: &str, fields: &HashMap<String, String>, body: &[u8], now: SystemTime| {
            receiver.verify("POST", target, fields, body, now).unwrap_err();
        };
        refused("/other", &good, &body, now);
        refused(&target, &good, &[&body[..], b"\n"].concat(), now);
        refused(&target, &good, &body, now + Duration::from_secs(61));
        refused(&target, &good, &body, now - Duration::from_secs(61));
        for (name, value) in [("host", "elsewhere"), ("x-copernica-id", "environment_2"), ("x-nonce", "other")] {
            refused(&target, &with(&good, name, |_| value.into()), &body, now);
        }
        refused(&target, &with(&good, "signature", |value| value.replace(" digest", "")), &body, now);
        refused(&target, &with(&good, "signature", |value| value.replace("keyId=\"", "keyId=\"x")), &body, now);
        for name in good.keys().filter(|name| good["signature"].contains(name.as_str()) || *name == "signature") {
            let mut less = good.clone();
            less.remove(name);
            refused(&target, &less, &body, now);
        }
    }
}

#[tokio::test]
async fn standard_in_rust() {
    let Call { received, secret, .. } = call(json!({"profile": "standard"})).await;
    let (good, body, secret) = (fields(&received), received.body.to_vec(), secret.unwrap());
    standard::verify(&secret, &good, &body, NOW).unwrap();
    standard::verify(&secret, &good, &body, NOW + 300).unwrap();
    let refused = |fields: &HashMap<String, String>, body: &[u8], now| {
        standard::verify(&secret, fields, body, now).unwrap_err();
    };
    refused(&good, &[&body[..], b"\n"].concat(), NOW);
    refused(&good, &body, NOW + 301);
    refused(&good, &body, NOW - 301);
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        refused(&with(&good, name, |value| format!("{value}1")), &body, NOW);
        let mut less = good.clone();
        less.remove(name);
        refused(&less, &body, NOW);
    }
    standard::verify("whsec_AAAA", &good, &body, NOW).unwrap_err();
}

#[tokio::test]
async fn rfc9421_in_rust() {
    let Call { received, host, keys, .. } = call(json!({"profile": "rfc9421"})).await;
    let receiver = rfc9421::Receiver { origin: format!("http://{host}"), environment: "environment_1".into(), keys };
    let (good, body, target) = (fields(&received), received.body.to_vec(), received.target.clone());
    receiver.verify("POST", &target, &good, &body, NOW).unwrap();
    receiver.verify("POST", &target, &good, &body, NOW + 60).unwrap();
    let refused = |target: &str, fields: &HashMap<String, String>, body: &[u8], now| {
        receiver.verify("POST", target, fields, body, now).unwrap_err();
    };
    receiver.verify("PUT", &target, &good, &body, NOW).unwrap_err();
    refused("/other", &good, &body, NOW);
    refused(&target, &good, &[&body[..], b"\n"].concat(), NOW);
    refused(&target, &good, &body, NOW + 61);
    refused(&target, &good, &body, NOW - 61);
    refused(&target, &with(&good, "x-copernica-id", |_| "environment_2".into()), &body, NOW);
    refused(&target, &with(&good, "content-type", |_| "text/plain".into()), &body, NOW);
    let changes: [fn(&str) -> String; 11] = [
        |value: &str| value.replace(" \"content-digest\"", ""),
        |value: &str| value.replace("created=", "created=1"),
        |value: &str| value.replace("nonce=\"", "nonce=\"x"),
        |value: &str| value.replace("keyid=\"", "keyid=\"x"),
        |value: &str| value.replace("rsa-v1_5-sha256", "ed25519"),
        |value: &str| value.replace("\"@method\"", "\"@method\";req"),
        |value: &str| value.replacen('(', "(\"host\" ", 1),
        |value: &str| format!("{value};expires=1"),
        |value: &str| format!("{value}, {value}"),
        |_: &str| String::new(),
        |_: &str| "sig1=(".into(),
    ];
    for change in changes {
        refused(&target, &with(&good, "signature-input", change), &body, NOW);
    }
    for name in ["signature", "signature-input", "content-digest", "content-type", "x-copernica-id"] {
        let mut less = good.clone();
        less.remove(name);
        refused(&target, &less, &body, NOW);
    }
    let stranger = rfc9421::Receiver { origin: "https://elsewhere".into(), ..receiver };
    stranger.verify("POST", &target, &good, &body, NOW).unwrap_err();
}

#[test]
fn rfc9421_in_rust_with_ed25519() {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[1; 32]).unwrap();
    let params = format!(
        "(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\" \"x-copernica-id\");created={NOW};keyid=\"k\";alg=\"ed25519\""
    );
    let digest = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"; // of nothing
    let signed = format!(
        "\"@method\": POST\n\"@target-uri\": https://a.example/\n\"content-digest\": {digest}\n\"content-type\": text/plain\n\
         \"x-copernica-id\": environment_1\n\"@signature-params\": {params}"
    );
    let fields: HashMap<String, String> = [
        ("content-digest", digest.to_owned()),
        ("content-type", "text/plain".into()),
        ("x-copernica-id", "environment_1".into()),
        ("signature-input", format!("sig1={params}")),
        ("signature", format!("sig1=:{}:", STANDARD.encode(pair.sign(signed.as_bytes())))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let keys = HashMap::from([("k".to_owned(), STANDARD.encode(pair.public_key().as_ref()))]);
    let receiver = rfc9421::Receiver { origin: "https://a.example".into(), environment: "environment_1".into(), keys };
    receiver.verify("POST", "/", &fields, b"", NOW).unwrap();
    receiver.verify("POST", "/", &fields, b" ", NOW).unwrap_err();
    receiver.verify("POST", "/x", &fields, b"", NOW).unwrap_err();
}
