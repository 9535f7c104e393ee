//! What went wrong, in words that name the likely cause and the cure.

use std::{
    borrow::Cow,
    error::Error,
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use rustls::{AlertDescription, CertificateError, OtherError};
use seinpost_protocol::rest::ErrorKind;

use super::{Answer, Proxy, ResolveError, Target, trust::Untrusted, wire::Broken};
use crate::files::is_exhausted;

/// What went wrong between us and a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// For programs.
    pub kind: ErrorKind,
    /// For people: what happened and what to do.
    pub detail: String,
    /// Whose it is.
    pub fault: Fault,
}

/// Whose a failure is. What is ours says nothing of the receiver: it was not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The receiver's, or of the way to it.
    Receiver,
    /// Ours: this machine had no room left for a connection.
    NoRoom,
    /// Ours: the proxy through which we call cannot be used.
    Proxy,
}

/// How long what is said of a failure can be, in bytes: most of it may be somebody else's words.
const LONGEST: usize = 4096;
/// How much is shown of where a redirect leads, in bytes.
pub(crate) const LONGEST_URL: usize = 2048;
/// How many addresses are named that are not called.
const NAMED: usize = 4;

impl Failure {
    /// Whether it is no receiver's fault, so that the call is none of its attempts.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.fault != Fault::Receiver
    }

    /// The same, and what else is to be said.
    pub(super) fn and(mut self, other: Option<Self>) -> Self {
        if let Some(other) = other {
            self.detail.push(' ');
            self.detail.push_str(&other.detail);
        }
        self
    }
}

fn failure(kind: ErrorKind, detail: impl Into<String>) -> Failure {
    Failure { kind, detail: cut(detail.into(), LONGEST), fault: Fault::Receiver }
}

/// A text, of which no more than so many bytes are kept.
pub(crate) fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

pub(super) fn internal(what: &str) -> Failure {
    failure(ErrorKind::Internal, what)
}

pub(super) fn dns(name: &str, error: &ResolveError) -> Failure {
    let detail = match error {
        ResolveError::Exhausted(why) => return exhausted(why),
        ResolveError::NotFound => format!(
            "The name {name} has no address in DNS. Check the spelling of the URL; a new name can take a while to be known \
             everywhere."
        ),
        ResolveError::Failed(why) => format!(
            "The name {name} could not be looked up: {why}. Its name servers, or ours, do not answer as they should."
        ),
    };
    failure(ErrorKind::Dns, detail)
}

pub(super) fn dns_timeout(name: &str, after: Duration) -> Failure {
    failure(
        ErrorKind::Dns,
        format!(
            "The name {name} could not be looked up within {}. Its name servers do not answer, or ours don't.",
            seconds(after)
        ),
    )
}

/// This process has no room left for a connection.
fn exhausted(why: &str) -> Failure {
    let detail = format!(
        "This Seinpost could not open a connection: {why}. Whoever runs it can let it have more files open (`ulimit -n`, or \
         LimitNOFILE of systemd)."
    );
    Failure { fault: Fault::NoRoom, ..failure(ErrorKind::Internal, detail) }
}

pub(super) fn refused(address: IpAddr, why: &str) -> Failure {
    failure(
        ErrorKind::RefusedTarget,
        format!(
            "{address} is not called: {why}. Use an address that the whole internet can reach, or have whoever runs this \
             Seinpost allow it with --allow-target."
        ),
    )
}

pub(super) fn refused_name(target: &Target, address: IpAddr, why: &str) -> Failure {
    failure(
        ErrorKind::RefusedTarget,
        format!(
            "{} has the address {address}, which is not called: {why}. Use a name that the whole internet can reach, or \
             have whoever runs this Seinpost allow it with --allow-target.",
            target.host()
        ),
    )
}

/// What is noted of a name of which other addresses can be called; nothing, where there are none to note.
pub(super) fn other_addresses(refused: &[(IpAddr, &'static str)]) -> Option<Failure> {
    let (kind, many) = (ErrorKind::RefusedTarget, refused.len().saturating_sub(NAMED));
    let named = refused.iter().take(NAMED);
    let mut notes: Vec<_> = named
        .map(|(address, why)| format!("The name also has the address {address}, which is not called: {why}."))
        .collect();
    if many > 0 {
        notes.push(format!("And {many} more."));
    }
    (!notes.is_empty()).then(|| failure(kind, notes.join(" ")))
}

/// Why there is no connection to an address.
pub(super) struct Unconnected {
    kind: ErrorKind,
    fault: Fault,
    happened: String,
    cure: &'static str,
}

pub(super) fn unconnected(address: SocketAddr, error: &io::Error) -> Unconnected {
    if is_exhausted(error) {
        return Unconnected { kind: ErrorKind::Internal, fault: Fault::NoRoom, happened: error.to_string(), cure: "" };
    }
    let (happened, cure) = match error.kind() {
        io::ErrorKind::ConnectionRefused => (
            format!("Nothing listens at {address}: the connection was refused."),
            "Check that the web server runs, and that host and port are right.",
        ),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => (
            format!("There is no way to {address} from here: {error}."),
            "Check that the address is reachable from the internet.",
        ),
        io::ErrorKind::TimedOut => (format!("{address} did not answer."), "A firewall may drop the packets."),
        _ => (format!("No connection to {address}: {error}."), ""),
    };
    Unconnected { kind: ErrorKind::Connect, fault: Fault::Receiver, happened, cure }
}

pub(super) fn unanswered(address: SocketAddr, after: Duration) -> Unconnected {
    Unconnected {
        kind: ErrorKind::Timeout,
        fault: Fault::Receiver,
        happened: format!("{address} did not answer within {}.", seconds(after)),
        cure: "The server is down, or a firewall drops the packets: let it accept connections from this machine.",
    }
}

/// Why there is no connection to any of the addresses that were tried: what happened with each, and each cure once. It is a
/// timeout where one of them took the time.
pub(super) fn connect(tried: impl Iterator<Item = Unconnected>) -> Failure {
    let mut kind = ErrorKind::Connect;
    let (mut said, mut cures) = (Vec::new(), Vec::new());
    for each in tried {
        if each.fault == Fault::NoRoom {
            return exhausted(&each.happened);
        }
        if each.kind == ErrorKind::Timeout {
            kind = ErrorKind::Timeout;
        }
        said.push(Cow::Owned(each.happened));
        if !each.cure.is_empty() && !cures.contains(&Cow::Borrowed(each.cure)) {
            cures.push(Cow::Borrowed(each.cure));
        }
    }
    said.append(&mut cures);
    failure(kind, said.join(" "))
}

pub(super) fn tls_name(name: &str) -> Failure {
    failure(ErrorKind::Tls, format!("{name} is no name that a certificate can be for."))
}

pub(super) fn tls_timeout(target: &Target, after: Duration) -> Failure {
    failure(
        ErrorKind::Timeout,
        format!(
            "{} accepted the connection, but its TLS handshake did not end within {}. Check that this port speaks TLS, and \
             that the server is not overloaded.",
            target.authority(),
            seconds(after)
        ),
    )
}

pub(super) fn tls(error: &io::Error, target: &Target, with_certificate: bool) -> Failure {
    let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return failure(
            ErrorKind::Tls,
            format!("{} broke off the TLS handshake: {error}. Check that this port speaks TLS.", target.authority()),
        );
    };
    let detail = match inner {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "the issuer of its certificate is not known".into()
        }
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(why)))
            if let Some(why) = why.downcast_ref::<Untrusted>() =>
        {
            why.to_string()
        }
        rustls::Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "its certificate has expired: renew it, and reload the web server".into(),
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "its certificate is not valid yet: check the clock of the machine that made it, and ours".into(),
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => format!(
            "its certificate is for another name: get one for {}, or have the server choose by the name (SNI)",
            target.host()
        ),
        rustls::Error::InvalidCertificate(other) => format!("its certificate is not accepted ({other})"),
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(AlertDescription::ProtocolVersion | AlertDescription::InsufficientSecurity) => {
            OLD.into()
        }
        rustls::Error::AlertReceived(AlertDescription::UnrecognisedName) => {
            format!("it does not know the name {}: add it to the web server's configuration", target.host())
        }
        rustls::Error::AlertReceived(alert) => said_by_alert(*alert, with_certificate),
        rustls::Error::InvalidMessage(_) => {
            "it answered with something that is no TLS: this port may speak plain HTTP (then the URL begins with http://)"
                .into()
        }
        other => other.to_string(),
    };
    failure(ErrorKind::Tls, format!("The TLS handshake with {} failed: {detail}.", target.authority()))
}

/// What is wrong where a server speaks no TLS that we do.
const OLD: &str = "it offers only old protocol versions or ciphers: enable TLS 1.3, or TLS 1.2 with an ECDHE cipher";

/// What a receiver means with an alert, which may be about our own certificate.
fn said_by_alert(alert: AlertDescription, with_certificate: bool) -> String {
    match alert {
        AlertDescription::CertificateRequired => {
            "it demands a client certificate: give the webhook one that the receiver accepts".into()
        }
        AlertDescription::HandshakeFailure if with_certificate => {
            format!("it broke off. Either it does not accept the webhook's client certificate, or {OLD}")
        }
        AlertDescription::HandshakeFailure => {
            format!("it broke off. Either it demands a client certificate (give the webhook one), or {OLD}")
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnknownCA
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::AccessDenied
        | AlertDescription::DecryptError
            if with_certificate =>
        {
            format!(
                "it does not accept the webhook's client certificate ({alert:?}): check that it is valid, that its issuers are \
                 sent with it, and that the receiver trusts them"
            )
        }
        AlertDescription::BadCertificate | AlertDescription::UnknownCA | AlertDescription::AccessDenied => {
            format!("it demands a client certificate ({alert:?}): give the webhook one that the receiver accepts")
        }
        _ => format!("it answered with the alert {alert:?}"),
    }
}

/// The alert within an error of a connection, if that is what it is.
pub(super) fn tls_in(error: &io::Error) -> Option<AlertDescription> {
    match error.get_ref()?.downcast_ref::<rustls::Error>() {
        Some(rustls::Error::AlertReceived(alert)) => Some(*alert),
        _ => None,
    }
}

/// An alert that came after the handshake.
pub(super) fn tls_alert(alert: AlertDescription, with_certificate: bool) -> Failure {
    failure(
        ErrorKind::Tls,
        format!("The receiver ended the TLS connection: {}.", said_by_alert(alert, with_certificate)),
    )
}

/// The proxy is of no use, whomever we call.
pub(super) fn proxy(proxy: &Proxy, why: &str) -> Failure {
    let detail = format!(
        "The proxy {proxy}, through which this Seinpost calls, cannot be used. {why} Whoever runs this Seinpost can mend it."
    );
    Failure { fault: Fault::Proxy, ..failure(ErrorKind::Connect, detail) }
}

/// What is said of one that answered something else than a proxy does.
pub(super) fn no_proxy(error: &dyn std::fmt::Display) -> String {
    format!("It did not answer as a proxy does: {error}.")
}

/// There is no connection to the proxy.
pub(super) fn to_proxy(to: &Proxy, why: Failure) -> Failure {
    if why.is_ours() { why } else { proxy(to, &why.detail) }
}

pub(super) fn proxy_closed(proxy: &Proxy, target: &Target, why: &str) -> Failure {
    failure(
        ErrorKind::Connect,
        format!(
            "The proxy {proxy} opened no tunnel to {}, and did not say why ({why}): it may not reach it, or not let us through.",
            target.authority()
        ),
    )
}

pub(super) fn proxy_timeout(proxy: &Proxy, target: &Target, after: Duration) -> Failure {
    failure(
        ErrorKind::Timeout,
        format!(
            "The proxy {proxy} did not reach {} within {}. The receiver is down, or a firewall drops the packets.",
            target.authority(),
            seconds(after)
        ),
    )
}

pub(super) fn proxy_status(proxy: &Proxy, target: &Target, status: http::StatusCode) -> Failure {
    let to = target.authority();
    let code = status.as_u16();
    let why = match code {
        407 => "it wants a user and a password. Whoever runs this Seinpost writes them into the proxy's URL: \
             http://user:password@host:port"
            .to_owned(),
        401 | 403 | 405 => format!("it does not let us through to {to}. Whoever runs the proxy can allow it"),
        502..=504 => format!("it did not reach {to}: the receiver is down, or a firewall drops the packets"),
        _ => format!("it opened no tunnel to {to}"),
    };
    let fault = if code == 407 { Fault::Proxy } else { Fault::Receiver };
    Failure { fault, ..failure(ErrorKind::Connect, format!("The proxy {proxy} answered {code}: {why}.")) }
}

/// The receiver asked for a certificate, and then closed the connection without a word that reached us.
pub(super) fn closed_after_asking(with_certificate: bool) -> Failure {
    let why = if with_certificate {
        "it does not accept the webhook's client certificate: check that it is valid, that its issuers are sent with it, and \
         that the receiver trusts them"
    } else {
        "it demands a client certificate: give the webhook one that the receiver accepts"
    };
    failure(
        ErrorKind::Tls,
        format!(
            "The receiver asked for a client certificate, then closed the connection without an answer. Most likely {why}."
        ),
    )
}

pub(super) fn closed() -> Failure {
    failure(
        ErrorKind::Connect,
        "The receiver closed the connection without an answer. Look in its error log: it may have crashed on this request, or \
         something in front of it refused it.",
    )
}

pub(super) fn answer_timeout(after: Duration, began: bool) -> Failure {
    let time = seconds(after);
    let detail = if began {
        format!("The head of the answer did not end within {time}.")
    } else {
        format!(
            "No answer within {time}. Answer first (2xx) and do the work afterwards: a receiver that is slow is called \
             again, and gets the event twice."
        )
    };
    failure(ErrorKind::Timeout, detail)
}

pub(super) fn protocol(broken: &Broken) -> Failure {
    let detail = match broken {
        Broken::TooLarge => "The head of the answer is larger than 64 KiB: it was not read any further.".into(),
        Broken::Ended(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "The answer broke off in its head.".into()
        }
        Broken::Ended(error) => format!("The exchange failed: {}.", innermost(error)),
        Broken::Senseless(why) => format!(
            "What came back is no HTTP/1.1 ({why}). Check that the port is that of a web server (and https:// where it speaks TLS)."
        ),
    };
    failure(ErrorKind::Protocol, detail)
}

pub(super) fn broken_body(broken: &Broken) -> Failure {
    let why = match broken {
        Broken::TooLarge => "it is too large".into(),
        Broken::Ended(error) => innermost(error),
        Broken::Senseless(why) => why.clone(),
    };
    failure(ErrorKind::BrokenBody, format!("The answer broke off in its body: {why}."))
}

pub(super) fn body_timeout(after: Duration) -> Failure {
    failure(
        ErrorKind::BrokenBody,
        format!("The body of the answer did not end within {}: it was not read any further.", seconds(after)),
    )
}

/// What is to be said about a status that is an answer, but not to what was asked.
pub(super) fn of_status(answer: &Answer, target: &Target) -> Option<Failure> {
    match answer.status {
        101 => Some(failure(
            ErrorKind::Protocol,
            "The receiver switched to another protocol (101), which was not asked for. Answer with 200.",
        )),
        300..=399 => answer.header("location").map(|location| {
            let whole = url::Url::parse(target.secret_url()).ok().and_then(|base| base.join(location).ok());
            let to = whole.and_then(|url| Target::parse(url.as_str()).ok()).map_or(location.into(), |to| to.to_string());
            let to = cut(to, LONGEST_URL);
            failure(
                ErrorKind::Protocol,
                format!(
                    "The receiver redirects to {to}. Redirects are not followed: if that is where the calls should go, make it \
                     the webhook's URL."
                ),
            )
        }),
        _ => None,
    }
}

/// What is said about an answer of which not all header fields were kept.
pub(super) fn too_many_fields(there: usize, kept: usize) -> Option<Failure> {
    (there > kept).then(|| {
        failure(
            ErrorKind::Protocol,
            format!("The answer has {there} header fields, of which the first {kept} are kept."),
        )
    })
}

/// A time that a share of another can be, to a tenth of a second; what is less than that in milliseconds.
fn seconds(time: Duration) -> String {
    if time < Duration::from_millis(100) {
        return format!("{} ms", time.as_millis());
    }
    let text = format!("{:.1}", time.as_secs_f64());
    format!("{} s", text.strip_suffix(".0").unwrap_or(&text))
}

fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
