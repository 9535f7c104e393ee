//! What is signed, by which profile and with which key. The signing itself is the protocol's.

use seinpost_protocol::signature::{Algorithm, DigestName, SignError, Signer, cavage, rfc9421, standard};

use super::{Content, Receiver};
use crate::{egress::Target, keyring::CurrentKey};

/// Header fields, in the order in which they are sent.
pub(super) type Signed = Vec<(&'static str, String)>;

/// One attempt to be signed.
pub(super) struct Signing<'a> {
    pub(super) receiver: &'a Receiver,
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

    pub(super) fn cavage(&self, current: &CurrentKey) -> Result<Signed, String> {
        let outgoing = cavage::Outgoing {
            method: "POST",
            target: self.target.path_and_query(),
            host: self.target.authority(),
            content_type: &self.content.content_type,
            body: &self.content.body,
            environment: self.receiver.webhook.environment,
            date: self.seconds(),
            nonce: self.nonce,
            digest_name: if self.receiver.webhook.digest_upper { DigestName::Upper } else { DigestName::Lower },
        };
        cavage::sign(&outgoing, &current.keyid, &current.key).map_err(said)
    }

    pub(super) fn rfc9421(&self, current: &CurrentKey) -> Result<Signed, String> {
        let scheme = if self.target.is_https() { "https" } else { "http" };
        let outgoing = rfc9421::Outgoing {
            method: "POST",
            target_uri: &format!("{scheme}://{}{}", self.target.authority(), self.target.path_and_query()),
            host: self.target.authority(),
            content_type: &self.content.content_type,
            body: &self.content.body,
            environment: self.receiver.webhook.environment,
            created: self.seconds(),
            nonce: self.nonce,
        };
        rfc9421::sign(&outgoing, &current.keyid, Algorithm::RsaSha256, &current.key).map_err(said)
    }

    pub(super) fn standard(&self) -> Result<Signed, String> {
        let mut signers: Vec<(Algorithm, &dyn Signer)> = Vec::with_capacity(self.receiver.secrets.len());
        for (secret, until) in &self.receiver.secrets {
            if until.is_none_or(|until| until > self.now) {
                signers.push((Algorithm::HmacSha256, secret.as_ref().map_err(Clone::clone)?));
            }
        }
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
