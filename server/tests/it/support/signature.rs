//! Verifies a call the way a receiver does.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use seinpost_protocol::{
    key::{DkimRecord, PublicKey},
    message::{Body, Field, Message},
    signature::{Algorithm, sha256},
    verify::{self, Policy, Profile, Report, SignatureAnswer},
};

use super::receiver::Received;

/// The report on a call, with the key's DKIM record and the receiver's clock (Unix seconds).
pub(crate) fn report(received: &Received, record: &str, host: &str, now: i64) -> Report {
    let fields: Vec<_> =
        received.headers.iter().map(|(name, value)| Field { name: name.as_bytes(), value: value.as_slice() }).collect();
    let body = Body { length: received.body.len() as u64, sha256: Some(sha256(&received.body)), ..Body::default() };
    let message = Message::new(b"POST", received.target.as_bytes(), &fields, body);
    let mut policy = Policy::new(Profile::Cavage, "1", "hooks.example.com");
    policy.hosts = vec![host.to_owned()];
    let begun = verify::begin(&policy, &message, u64::try_from(now).unwrap());
    let PublicKey::Rsa(key) = DkimRecord::parse(record.as_bytes()).unwrap().key else { panic!("no RSA key") };
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.as_pkcs1().to_vec());
    let answer = begun.work().zip(begun.signing_string()).map(|(work, string)| {
        match key.verify(string, &work.candidates[0].signature) {
            Ok(()) => SignatureAnswer::Valid(Algorithm::RsaSha256),
            Err(_) => SignatureAnswer::Invalid,
        }
    });
    begun.finish(answer, None)
}
