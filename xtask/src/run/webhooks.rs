//! The webhooks of the demonstration: one of each type, each verified.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use seinpost_protocol::event::EventType;
use serde_json::{Value, json};

use super::api::Api;

/// Creates those that are missing and verifies those that are not verified, with the receiver serving their files.
pub(crate) fn prepare(api: &Api, receiver_port: u16, folder: &Path) -> Result<()> {
    let known = known(api)?;
    for event_type in EventType::ALL {
        let name = event_type.as_str();
        let url = format!("http://127.0.0.1:{receiver_port}/{name}");
        let webhook = match known.get(&url) {
            Some(webhook) => webhook.clone(),
            None => api.post("/v1/webhook", &json!({ "type": name, "url": url }).to_string())?,
        };
        if webhook["status"] == "unverified" {
            verify(api, &webhook, &super::receiver::verification_folder(folder))?;
        }
    }
    Ok(())
}

/// The webhooks there are, by their URL.
fn known(api: &Api) -> Result<HashMap<String, Value>> {
    let mut found = HashMap::new();
    let mut path = "/v1/webhooks?limit=100".to_owned();
    loop {
        let page = api.get(&path)?;
        for webhook in page["data"].as_array().context("GET /v1/webhooks answered no list")? {
            if let Some(url) = webhook["url"].as_str() {
                found.insert(url.to_owned(), webhook.clone());
            }
        }
        match page["next"].as_str() {
            Some(cursor) => path = format!("/v1/webhooks?limit=100&cursor={cursor}"),
            None => return Ok(found),
        }
    }
}

fn verify(api: &Api, webhook: &Value, folder: &Path) -> Result<()> {
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a webhook came without its verification");
    let (id, file) = (text(&webhook["id"])?, text(&webhook["verification"]["file"])?);
    if file.contains('/') {
        bail!("The verification file is named {file}");
    }
    std::fs::write(folder.join(file), text(&webhook["verification"]["content"])?)
        .with_context(|| format!("{} cannot be written", folder.display()))?;
    let result = api.post(&format!("/v1/webhooks/{id}/verify"), "")?;
    if result["verified"] != true {
        bail!("The example receiver could not be verified: {result}");
    }
    Ok(())
}
