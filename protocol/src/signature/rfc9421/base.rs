//! The signature base (RFC 9421 §2.5).

use super::{Component, SignatureInput};
use crate::message::{Lookup, MAX_FIELD_BYTES, Message};
use crate::signature::CoverageError;
use crate::signature::structured::{write_parameters, write_string};

/// Builds the signature base: a line for each component, and `@signature-params`. Nothing is re-encoded.
///
/// # Errors
/// [`CoverageError`] if a component is not there exactly once, or is one that is not supported: parameters (`sf`, `key`,
/// `bs`, `req`, `tr`) and `@query-param` are not.
pub fn signature_base(message: &Message<'_>, input: &SignatureInput) -> Result<Vec<u8>, CoverageError> {
    let mut out = Vec::with_capacity(512);
    for component in &input.covered {
        let mut name = String::new();
        write_string(&mut name, &component.name);
        write_parameters(&mut name, &component.parameters);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        value(&mut out, message, component)?;
        out.push(b'\n');
    }
    out.extend_from_slice(b"\"@signature-params\": ");
    out.extend_from_slice(input.parameters_text.as_bytes());
    Ok(out)
}

fn value(out: &mut Vec<u8>, message: &Message<'_>, component: &Component) -> Result<(), CoverageError> {
    let name = component.name.as_str();
    let url = message.url();
    if !component.parameters.is_empty() {
        return Err(CoverageError::Unknown(name.to_owned()));
    }
    match name {
        "@method" => out.extend_from_slice(message.method()),
        "@request-target" => out.extend_from_slice(url.target),
        "@path" => out.extend_from_slice(if url.path().is_empty() { b"/" } else { url.path() }),
        "@query" => {
            out.push(b'?');
            out.extend_from_slice(url.query().unwrap_or_default());
        }
        "@scheme" => scheme(out, message),
        "@authority" => authority(out, message)?,
        "@target-uri" => {
            scheme(out, message);
            out.extend_from_slice(b"://");
            // As the URL has it, where it is absolute; else as the Host has it.
            match url.authority {
                Some(authority) => out.extend_from_slice(authority),
                None => out.extend_from_slice(once(message.host(), "host")?),
            }
            if url.target.first() == Some(&b'?') {
                out.push(b'/');
            }
            out.extend_from_slice(url.target);
        }
        _ if name.starts_with('@') => return Err(CoverageError::Unknown(name.to_owned())),
        "signature" | "signature-input" => return Err(CoverageError::Unknown(name.to_owned())),
        "host" => unfold(out, once(message.host(), name)?),
        "content-length" if message.field(b"content-length") == Lookup::Absent => {
            out.extend_from_slice(message.body().length.to_string().as_bytes());
        }
        _ => unfold(out, once(message.field(name.as_bytes()), name)?),
    }
    Ok(())
}

fn once<'a>(found: Lookup<'a>, name: &str) -> Result<&'a [u8], CoverageError> {
    match found {
        Lookup::Once(value) if value.len() > MAX_FIELD_BYTES => Err(CoverageError::TooLong(name.to_owned())),
        Lookup::Once(value) => Ok(value),
        Lookup::Absent => Err(CoverageError::Absent(name.to_owned())),
        Lookup::Repeated => Err(CoverageError::Repeated(name.to_owned())),
    }
}

/// `https`, unless the URL tells otherwise.
fn scheme(out: &mut Vec<u8>, message: &Message<'_>) {
    out.extend(message.url().scheme.unwrap_or(b"https").iter().map(u8::to_ascii_lowercase));
}

/// In lower case, without the scheme's default port (RFC 9421 §2.2.3).
fn authority(out: &mut Vec<u8>, message: &Message<'_>) -> Result<(), CoverageError> {
    let found = once(message.host(), "@authority")?;
    let port: &[u8] = if message.url().is_https() == Some(false) { b":80" } else { b":443" };
    out.extend(found.strip_suffix(port).unwrap_or(found).iter().map(u8::to_ascii_lowercase));
    Ok(())
}

/// A value with each obsolete line fold as one space (RFC 9421 §2.1): a line end inside a value forges no line.
fn unfold(out: &mut Vec<u8>, value: &[u8]) {
    crate::signature::unfold(out, value);
}
