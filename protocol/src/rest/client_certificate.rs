//! Certificates with which Seinpost proves to a receiver who it is (mutual TLS).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The body of `PUT /v1/webhooks/ID/client-certificate`. What is answered never holds the key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewClientCertificate {
    /// The certificate, and after it those of its issuers, in PEM.
    pub certificate: String,
    /// Its private key in PEM, not encrypted: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC).
    pub key: String,
}

impl fmt::Debug for NewClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the key.
        f.debug_struct("NewClientCertificate").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// A webhook's client certificate, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientCertificate {
    /// Whose it is, such as `CN=seinpost, O=Example`.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// From when it is valid.
    pub not_before: Timestamp,
    /// Until when it is valid.
    pub not_after: Timestamp,
    /// The SHA-256 of the certificate (DER), in lower-case hexadecimal: 64 digits.
    pub sha256: String,
    /// How many certificates are sent: itself and its issuers.
    pub chain: u32,
}
