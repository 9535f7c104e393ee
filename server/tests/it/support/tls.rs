//! Certificates and TLS servers of every kind.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::{
    RootCertStore, ServerConfig, SupportedProtocolVersion, pki_types::PrivateKeyDer, server::WebPkiClientVerifier,
};

/// An authority and the intermediate one that it signed.
pub(crate) struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    intermediate: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key.
pub(crate) struct Made {
    pub(crate) certificate: Certificate,
    pub(crate) key: KeyPair,
}

impl Made {
    pub(crate) fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::named("tests")
    }

    pub(crate) fn named(name: &str) -> Self {
        let root = authority_params(&format!("Root for {name}"));
        let root = CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap();
        let intermediate = authority_params(&format!("Intermediate for {name}"));
        let intermediate = CertifiedIssuer::signed_by(intermediate, KeyPair::generate().unwrap(), &root).unwrap();
        Self { root, intermediate }
    }

    /// What to trust.
    pub(crate) fn pem(&self) -> String {
        self.root.pem()
    }

    pub(crate) fn intermediate_pem(&self) -> String {
        self.intermediate.pem()
    }

    /// A certificate that the intermediate authority signed.
    pub(crate) fn sign(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Made {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        change(&mut params);
        Made { certificate: params.signed_by(&key, &self.intermediate).unwrap(), key }
    }

    /// A client's certificate.
    pub(crate) fn sign_client(&self, name: &str) -> Made {
        self.sign(name, |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])
    }

    /// A server that sends `made`, with the intermediate certificate if `whole`.
    pub(crate) fn server(&self, made: &Made, whole: bool) -> ServerConfig {
        self.configure(made, whole, rustls::DEFAULT_VERSIONS, None, true)
    }

    /// A server that demands a certificate which `clients` signed.
    pub(crate) fn demanding(
        &self,
        made: &Made,
        versions: &[&'static SupportedProtocolVersion],
        clients: &Self,
    ) -> ServerConfig {
        self.configure(made, true, versions, Some(clients), true)
    }

    /// A server that asks for such a certificate, and goes on without.
    pub(crate) fn asking(&self, made: &Made, clients: &Self) -> ServerConfig {
        self.configure(made, true, rustls::DEFAULT_VERSIONS, Some(clients), false)
    }

    fn configure(
        &self,
        made: &Made,
        whole: bool,
        versions: &[&'static SupportedProtocolVersion],
        clients: Option<&Self>,
        demands: bool,
    ) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder =
            ServerConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(versions).unwrap();
        let builder = match clients {
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.root.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = if demands { verifier } else { verifier.allow_unauthenticated() };
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
            None => builder.with_no_client_auth(),
        };
        let mut chain = vec![made.certificate.der().clone()];
        if whole {
            chain.push(self.intermediate.der().clone());
        }
        builder.with_single_cert(chain, PrivateKeyDer::try_from(made.key.serialize_der()).unwrap()).unwrap()
    }
}

/// A certificate that signed itself.
pub(crate) fn self_signed(name: &str) -> Made {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    Made { certificate: params.self_signed(&key).unwrap(), key }
}
