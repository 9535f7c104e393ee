//! Keys, for the host to import.

use seinpost_protocol::key::{KeyError, Secret};
#[cfg(feature = "whole")]
use seinpost_protocol::key::{KeyKind, PublicKey};

use crate::memory::Output;
#[cfg(feature = "whole")]
use crate::verifier::{algorithm_number, algorithm_of};

/// Its kind for a status and the SubjectPublicKeyInfo of an RSA, Ed25519 or P-256 key; or status 0 and the code and the text
/// of an error, with a line end between them.
#[cfg(feature = "whole")]
pub(crate) fn read(bytes: &[u8], out: &mut Output) {
    match PublicKey::read(bytes) {
        Ok(key) => out.answer(kind_number(key.kind()), &key.to_spki()),
        Err(error) => refuse(&error, out),
    }
}

/// A secret: the text of a `whsec_` one after a byte `t`, or raw bytes after a byte `b`.
pub(crate) fn secret(bytes: &[u8]) -> Result<Secret, KeyError> {
    match bytes.split_first() {
        Some((b't', text)) => Secret::parse(core::str::from_utf8(text).map_err(|_| KeyError::Base64("the secret"))?),
        Some((_, raw)) => Secret::from_bytes(raw),
        None => Err(KeyError::Length(0)),
    }
}

pub(crate) fn refuse(error: &KeyError, out: &mut Output) {
    out.answer(0, format!("{}\n{error}", error.code()).as_bytes());
}

/// How JavaScript knows the kinds of key. From the fourth bit on stand the algorithms of RSA that the key is not for.
#[cfg(feature = "whole")]
pub(crate) const fn kind_number(kind: KeyKind) -> u32 {
    match kind {
        KeyKind::Rsa => 1,
        KeyKind::RsaOnly(algorithm) => 1 | (7 & !(1 << algorithm_number(algorithm))) << 3,
        KeyKind::Ed25519 => 2,
        KeyKind::P256 => 3,
        KeyKind::Secret => 4,
    }
}

/// The kind of a number.
#[cfg(feature = "whole")]
pub(crate) fn kind_of(number: u32) -> KeyKind {
    match number {
        1 => KeyKind::Rsa,
        _ if number & 7 == 1 => KeyKind::RsaOnly(algorithm_of((number >> 3).trailing_ones())),
        2 => KeyKind::Ed25519,
        3 => KeyKind::P256,
        _ => KeyKind::Secret,
    }
}
