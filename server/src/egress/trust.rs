//! Verifies receivers' certificates as usual, and tells apart why an issuer is not known.

use std::{fmt, sync::Arc};

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, RootCertStore, SignatureScheme,
    client::{
        VerifierBuilderError, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use x509_parser::parse_x509_certificate;

use super::failure::cut;

/// How much is shown of an issuer's name, in bytes.
const LONGEST_NAME: usize = 512;

/// Why there is no way from a certificate to an authority that is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Untrusted {
    /// It signed itself.
    SelfSigned,
    /// It came alone, though another certificate signed it: the intermediate one is missing, or nobody knows the issuer.
    Alone {
        /// Who signed it.
        issuer: String,
    },
    /// It came with others, and the last of them leads to nobody who is trusted.
    UnknownRoot {
        /// Who signed the last of them.
        issuer: String,
    },
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SelfSigned => f.write_str(
                "its certificate is self-signed, which nobody can check: get one from an authority (Let's Encrypt gives them \
                 for nothing), or have whoever runs this Seinpost trust it with --ca-file",
            ),
            Self::Alone { issuer } => write!(
                f,
                "the issuer of its certificate ({issuer}) is not known. Most likely the server does not send its intermediate \
                 certificate: configure the full chain (often a file named fullchain.pem)"
            ),
            Self::UnknownRoot { issuer } => write!(
                f,
                "its certificates lead to {issuer}, an authority that is not trusted here. If it is one of your own, have \
                 whoever runs this Seinpost add it with --ca-file; otherwise get a certificate from a public authority"
            ),
        }
    }
}

impl std::error::Error for Untrusted {}

/// The usual verification, with more to say where it fails.
#[derive(Debug)]
pub(super) struct Explaining(Arc<WebPkiServerVerifier>);

impl Explaining {
    pub(super) fn new(roots: RootCertStore, provider: Arc<CryptoProvider>) -> Result<Self, VerifierBuilderError> {
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().map(Self)
    }
}

impl ServerCertVerifier for Explaining {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.0.verify_server_cert(end_entity, intermediates, name, ocsp, now).map_err(|error| match error {
            Error::InvalidCertificate(CertificateError::UnknownIssuer) => explain(end_entity, intermediates)
                .map_or(error, |why| CertificateError::Other(OtherError(Arc::new(why))).into()),
            // An authority's own certificate, used as that of a server.
            other if is_self_signed(end_entity) && !is_about_time_or_name(&other) => {
                CertificateError::Other(OtherError(Arc::new(Untrusted::SelfSigned))).into()
            }
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.0.root_hint_subjects()
    }
}

fn is_about_time_or_name(error: &Error) -> bool {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
    };
    matches!(
        error,
        Error::InvalidCertificate(
            Expired
                | ExpiredContext { .. }
                | NotValidYet
                | NotValidYetContext { .. }
                | NotValidForName
                | NotValidForNameContext { .. }
        )
    )
}

fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    parse_x509_certificate(certificate).is_ok_and(|(_, parsed)| parsed.subject() == parsed.issuer())
}

fn explain(end_entity: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> Option<Untrusted> {
    if is_self_signed(end_entity) {
        return Some(Untrusted::SelfSigned);
    }
    let (_, last) = parse_x509_certificate(intermediates.last().unwrap_or(end_entity)).ok()?;
    let issuer = cut(last.issuer().to_string(), LONGEST_NAME);
    Some(if intermediates.is_empty() { Untrusted::Alone { issuer } } else { Untrusted::UnknownRoot { issuer } })
}
