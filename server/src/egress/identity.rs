//! Certificates with which we prove to a receiver who calls (mutual TLS).

use std::{
    cell::Cell,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::digest;
use rustls::{
    ClientConfig, SignatureScheme,
    client::{ResolvesClientCert, Resumption},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use seinpost_protocol::rest::{ClientCertificate, Timestamp};
use tokio_rustls::TlsConnector;
use x509_parser::parse_x509_certificate;

/// How many certificates a chain has at most.
const LONGEST_CHAIN: usize = 10;
/// How large certificates and key may be, in bytes of PEM.
const LARGEST: usize = 64 * 1024;
/// For how many identities what TLS needs is kept ready.
const READY: usize = 256;

/// A certificate and its key, in PEM. Cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Parts>);

struct Parts {
    certificate: String,
    key: String,
    /// The SHA-256 of both.
    id: [u8; 32],
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

/// Why a certificate and a key cannot be used, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidIdentity {
    /// Whether it is about the key.
    pub about_key: bool,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl fmt::Display for InvalidIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for InvalidIdentity {}

fn certificate(detail: impl Into<String>) -> InvalidIdentity {
    InvalidIdentity { about_key: false, detail: detail.into() }
}

fn key(detail: impl Into<String>) -> InvalidIdentity {
    InvalidIdentity { about_key: true, detail: detail.into() }
}

impl Identity {
    /// Takes them as they are; they are read when they are first used.
    #[must_use]
    pub fn new(certificate: &str, key: &str) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(certificate.as_bytes());
        hash.update(&[0]);
        hash.update(key.as_bytes());
        let mut id = [0; 32];
        id.copy_from_slice(hash.finish().as_ref());
        Self(Arc::new(Parts { certificate: certificate.to_owned(), key: key.to_owned(), id }))
    }

    pub(super) fn id(&self) -> [u8; 32] {
        self.0.id
    }

    /// Reads both, and what the certificate says of itself.
    ///
    /// # Errors
    /// When one of them cannot be read or they are not each other's.
    pub fn describe(&self) -> Result<ClientCertificate, InvalidIdentity> {
        self.certified()?;
        let chain = self.chain()?;
        let first = chain.first().ok_or_else(|| certificate("it holds no certificate"))?;
        let (_, parsed) = parse_x509_certificate(first)
            .map_err(|error| certificate(format!("the first certificate cannot be read: {error}")))?;
        let seconds = |time: x509_parser::time::ASN1Time| Timestamp::from_millis(time.timestamp().saturating_mul(1000));
        let hash = digest::digest(&digest::SHA256, first);
        Ok(ClientCertificate {
            subject: parsed.subject().to_string(),
            issuer: parsed.issuer().to_string(),
            not_before: seconds(parsed.validity().not_before),
            not_after: seconds(parsed.validity().not_after),
            sha256: hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect(),
            chain: u32::try_from(chain.len()).unwrap_or(u32::MAX),
        })
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, InvalidIdentity> {
        let text = self.0.certificate.as_bytes();
        if text.len() > LARGEST {
            return Err(certificate(format!("larger than {LARGEST} bytes")));
        }
        let chain: Vec<_> = CertificateDer::pem_slice_iter(text)
            .take(LONGEST_CHAIN + 1)
            .collect::<Result<_, _>>()
            .map_err(|error| certificate(format!("not PEM: {error}")))?;
        match chain.len() {
            0 => Err(certificate("holds no certificate: it begins with -----BEGIN CERTIFICATE-----")),
            1..=LONGEST_CHAIN => Ok(chain),
            _ => Err(certificate(format!("holds more than {LONGEST_CHAIN} certificates"))),
        }
    }

    fn certified(&self) -> Result<CertifiedKey, InvalidIdentity> {
        let chain = self.chain()?;
        let text = &self.0.key;
        if text.len() > LARGEST {
            return Err(key(format!("larger than {LARGEST} bytes")));
        }
        if text.contains("ENCRYPTED") {
            return Err(key(
                "it is encrypted with a password: take that off, as with `openssl pkey -in key.pem`. It is kept encrypted here",
            ));
        }
        let der = PrivateKeyDer::from_pem_slice(text.as_bytes())
            .map_err(|_| key("holds no private key in PEM: it begins with -----BEGIN PRIVATE KEY-----"))?;
        CertifiedKey::from_der(chain, der, &rustls::crypto::aws_lc_rs::default_provider()).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                key("it is not the key of the first certificate: the certificate comes first, its issuers after it")
            }
            rustls::Error::InvalidCertificate(_) => certificate("the first certificate cannot be read"),
            _ => key("of a kind that cannot be used: RSA with 2048 to 8192 bits, ECDSA with P-256, P-384 or P-521, or Ed25519"),
        })
    }
}

tokio::task_local! {
    /// Whether the receiver asked who calls, in the handshake that goes on.
    static ASKED: Cell<bool>;
}

/// What came of a handshake, and whether the receiver asked who calls.
pub(super) async fn noting<T>(handshake: impl Future<Output = T>) -> (T, bool) {
    ASKED
        .scope(Cell::new(false), async {
            let done = handshake.await;
            (done, ASKED.with(Cell::get))
        })
        .await
}

/// Shows a certificate, or none, and notes that it was asked for: a receiver that demands one can close the connection so
/// soon that its reason is lost, and then that is all there is to tell from.
#[derive(Debug)]
struct Shown(Option<Arc<CertifiedKey>>);

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        // Every handshake is noted; if one were not, nobody would ask.
        let _ = ASKED.try_with(|asked| asked.set(true));
        self.0.clone()
    }

    fn has_certs(&self) -> bool {
        self.0.is_some()
    }
}

/// What TLS needs of the identities that were used, kept ready.
pub(super) struct Identities {
    base: Arc<ClientConfig>,
    ready: Mutex<HashMap<[u8; 32], TlsConnector>>,
}

impl Identities {
    pub(super) fn new(base: Arc<ClientConfig>) -> Self {
        let mut base = ClientConfig::clone(&base);
        base.client_auth_cert_resolver = Arc::new(Shown(None));
        Self { base: Arc::new(base), ready: Mutex::default() }
    }

    /// What makes TLS connections as `identity`, or as nobody.
    pub(super) fn connector(&self, identity: Option<&Identity>) -> Result<TlsConnector, InvalidIdentity> {
        let Some(identity) = identity else { return Ok(Arc::clone(&self.base).into()) };
        let ready = || self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = ready().get(&identity.id()) {
            return Ok(known.clone());
        }
        let mut config = ClientConfig::clone(&self.base);
        config.client_auth_cert_resolver = Arc::new(Shown(Some(Arc::new(identity.certified()?))));
        // A session of one identity must not be gone on with as another.
        config.resumption = Resumption::in_memory_sessions(32);
        let connector = TlsConnector::from(Arc::new(config));
        let mut ready = ready();
        if ready.len() >= READY {
            ready.clear();
        }
        ready.insert(identity.id(), connector.clone());
        Ok(connector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(common_name: &str) -> (String, rcgen::KeyPair) {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, common_name);
        params.not_before = rcgen::date_time_ymd(2026, 1, 2);
        params.not_after = rcgen::date_time_ymd(2036, 1, 2);
        (params.self_signed(&key).unwrap().pem(), key)
    }

    #[test]
    fn a_certificate_says_whose_it_is_and_until_when() {
        let (pem, key) = made("seinpost");
        let shown = Identity::new(&pem, &key.serialize_pem()).describe().unwrap();
        assert_eq!((shown.subject.as_str(), shown.issuer.as_str(), shown.chain), ("CN=seinpost", "CN=seinpost", 1));
        assert_eq!(shown.not_after.to_string(), "2036-01-02T00:00:00.000Z");
        assert_eq!(shown.sha256.len(), 64);
    }

    #[test]
    fn what_cannot_be_used_is_told_with_the_cure() {
        let (pem, own) = made("a");
        let (other, _) = made("b");
        let pkcs8 = own.serialize_pem();
        for (certificate, key, about_key, words) in [
            ("", pkcs8.as_str(), false, "holds no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA", &pkcs8, false, "not PEM"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", &pkcs8, false, "cannot be read"),
            (&pem.repeat(11), &pkcs8, false, "more than 10"),
            (&pem, "", true, "holds no private key"),
            (&pem, &pem, true, "holds no private key"),
            (&other, &pkcs8, true, "not the key of the first certificate"),
            (&pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----", true, "take that off"),
        ] {
            let error = Identity::new(certificate, key).describe().unwrap_err();
            assert!(error.detail.contains(words), "{words}: {error:?}");
            assert_eq!(error.about_key, about_key, "{error:?}");
        }
    }
}
