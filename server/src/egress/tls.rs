//! Whom we trust.

use std::{fmt, sync::Arc};

use super::trust::Explaining;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

/// Certificates that cannot be trusted, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidCertificates(String);

impl fmt::Display for InvalidCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidCertificates {}

/// Trusts the certificate authorities that browsers trust (Mozilla's list), and those in `extra`, a PEM text.
///
/// Verification cannot be turned off.
///
/// # Errors
/// When `extra` holds no certificate, or one that cannot be read.
pub fn trust(extra: Option<&[u8]>) -> Result<Arc<ClientConfig>, InvalidCertificates> {
    let invalid = |error: &dyn fmt::Display| InvalidCertificates(error.to_string());
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = extra {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| invalid(&error))?;
            roots.add(certificate).map_err(|error| invalid(&error))?;
        }
        if roots.len() == before {
            return Err(InvalidCertificates("it holds no certificate in PEM form".into()));
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = Explaining::new(roots, Arc::clone(&provider)).map_err(|error| invalid(&error))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| invalid(&error))?
        // It verifies as rustls does by itself, and says more where that fails.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
