//! What is signed, by which profile and with which key. The signing itself is the protocol's.

use seinpost_protocol::{
    key::Secret,
    signature::{Algorithm, DigestName, SignError, Signer, cavage, rfc9421, standard},
};

use super::Content;
use crate::{egress::Target, keyring::CurrentKey, store::WebhookRecord};

/// Header fields, in the order in which they are sent.
pub(super) type Fields = Vec<(&'static str, String)>;

/// One attempt to be signed.
pub(super) struct Signing<'a> {
    pub(super) webhook: &'a WebhookRecord,
    pub(super) target: &'a Target,
    pub(super) content: &'a Content,
    /// Milliseconds since the Unix epoch.
    pub(super) now: i64,
    pub(super) nonce: &'a str,
}

impl Signing<'_> {
    fn seconds(&self) -> u64 {
        u64::try_from(self.now / 1000).unwrap_or(0)
    }

    pub(super) fn cavage(&self, current: &CurrentKey) -> Result<Fields, String> {
        let outgoing = cavage::Outgoing {
            method: "POST",
            target: self.target.path_and_query(),
            host: self.target.authority(),
            content_type: &self.content.content_type,
            body: &self.content.body,
            environment: self.webhook.environment,
            date: self.seconds(),
            nonce: self.nonce,
            digest_name: if self.webhook.digest_upper { DigestName::Upper } else { DigestName::Lower },
        };
        cavage::sign(&outgoing, &current.keyid, &current.key).map_err(said)
    }

    pub(super) fn rfc9421(&self, current: &CurrentKey) -> Result<Fields, String> {
        let scheme = if self.target.is_https() { "https" } else { "http" };
        let outgoing = rfc9421::Outgoing {
            method: "POST",
            target_uri: &format!("{scheme}://{}{}", self.target.authority(), self.target.path_and_query()),
            host: self.target.authority(),
            content_type: &self.content.content_type,
            body: &self.content.body,
            environment: self.webhook.environment,
            created: self.seconds(),
            nonce: self.nonce,
        };
        rfc9421::sign(&outgoing, &current.keyid, Algorithm::RsaSha256, &current.key).map_err(said)
    }

    pub(super) fn standard(&self) -> Result<Fields, String> {
        let old = self.webhook.old_secret.as_ref().filter(|(_, until)| *until > self.now).map(|(secret, _)| secret);
        let mut secrets = Vec::new();
        for text in self.webhook.secret.iter().chain(old) {
            secrets.push(Secret::parse(text).map_err(|error| format!("the webhook's secret cannot be read: {error}"))?);
        }
        let signers: Vec<(Algorithm, &dyn Signer)> =
            secrets.iter().map(|secret| (Algorithm::HmacSha256, secret as &dyn Signer)).collect();
        let outgoing = standard::Outgoing {
            host: self.target.authority(),
            content_type: &self.content.content_type,
            body: &self.content.body,
            id: &self.content.message,
            timestamp: self.seconds(),
        };
        standard::sign(&outgoing, &signers).map_err(said)
    }
}

fn said(error: SignError) -> String {
    format!("the call cannot be signed: {error}")
}
