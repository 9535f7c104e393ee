//! Verifies a call the way a receiver does.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use seinpost_protocol::{
    key::{DkimRecord, PublicKey, Secret},
    message::{Body, Field, Message},
    signature::{Algorithm, sha256},
    verify::{self, Policy, Profile, Report, SignatureAnswer},
};

use super::receiver::Received;

/// What a receiver verifies with.
pub(crate) enum Key<'a> {
    /// A DKIM record.
    Record(&'a str),
    /// `whsec_…`.
    Secret(&'a str),
}

/// The report on a call signed with `cavage`, with the key's DKIM record and the receiver's clock (Unix seconds).
pub(crate) fn report(received: &Received, record: &str, host: &str, now: i64) -> Report {
    report_by(Profile::Cavage, received, &Key::Record(record), host, now)
}

/// The report on a call, with a key and the receiver's clock (Unix seconds).
pub(crate) fn report_by(profile: Profile, received: &Received, key: &Key<'_>, host: &str, now: i64) -> Report {
    let fields: Vec<_> =
        received.headers.iter().map(|(name, value)| Field { name: name.as_bytes(), value: value.as_slice() }).collect();
    let body = Body { length: received.body.len() as u64, sha256: Some(sha256(&received.body)), ..Body::default() };
    let url = format!("http://{host}{}", received.target);
    let message = Message::new(b"POST", url.as_bytes(), &fields, body);
    let mut policy = Policy::new(profile, "1", "hooks.example.com");
    policy.hosts = vec![host.to_owned()];
    policy.allow_http = true;
    let begun = verify::begin(&policy, &message, u64::try_from(now).unwrap());
    let answer = begun.work().zip(begun.signing_string()).map(|(work, string)| {
        let valid = work.candidates.iter().any(|candidate| match key {
            Key::Record(record) => {
                let PublicKey::Rsa(key) = DkimRecord::parse(record.as_bytes()).unwrap().key else { panic!("no RSA") };
                let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.as_pkcs1().to_vec());
                key.verify(string, &candidate.signature).is_ok()
            }
            Key::Secret(secret) => {
                let body: &[u8] = if work.with_body { &received.body } else { b"" };
                Secret::parse(secret).unwrap().verify_sha256(&[string, body], &candidate.signature)
            }
        });
        let algorithm = match key {
            Key::Record(_) => Algorithm::RsaSha256,
            Key::Secret(_) => Algorithm::HmacSha256,
        };
        if valid { SignatureAnswer::Valid(algorithm) } else { SignatureAnswer::Invalid }
    });
    begun.finish(answer, None)
}
