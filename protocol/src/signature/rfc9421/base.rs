//! The signature base (RFC 9421 §2.5).

use super::{Component, SignatureInput};
use crate::message::{Lookup, MAX_FIELD_BYTES, Message};
use crate::signature::CoverageError;
use crate::signature::structured::{BareItem, Parameters, write_parameters, write_string};

/// Builds the signature base: a line for each component, and `@signature-params`. Nothing is re-encoded.
///
/// # Errors
/// [`CoverageError`] if a component is not there, or is one that is not supported: the parameters `sf`, `key`, `bs`,
/// `req` and `tr` are not.
pub fn signature_base(message: &Message<'_>, input: &SignatureInput) -> Result<Vec<u8>, CoverageError> {
    let mut out = Vec::with_capacity(512);
    components(&mut out, message, &input.covered)?;
    out.extend_from_slice(b"\"@signature-params\": ");
    out.extend_from_slice(input.parameters_text.as_bytes());
    Ok(out)
}

fn components(out: &mut Vec<u8>, message: &Message<'_>, covered: &[Component]) -> Result<(), CoverageError> {
    for component in covered {
        let mut name = String::with_capacity(64);
        write_string(&mut name, &component.name);
        write_parameters(&mut name, &component.parameters);
        name.push_str(": ");
        out.extend_from_slice(name.as_bytes());
        drop(name);
        value(out, message, component)?;
        out.push(b'\n');
    }
    Ok(())
}

fn value(out: &mut Vec<u8>, message: &Message<'_>, component: &Component) -> Result<(), CoverageError> {
    let name = component.name.as_str();
    let url = message.url();
    if name == "@query-param" {
        return query_parameter(out, url.query().unwrap_or_default(), &component.parameters);
    }
    if !component.parameters.is_empty() {
        return Err(CoverageError::unknown(name));
    }
    match name {
        "@method" => out.extend_from_slice(message.method()),
        "@request-target" => url.write_target(out),
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
            // Any other would run on from the host, and make another of it.
            if !matches!(url.target.first(), Some(b'/' | b'?')) {
                return Err(CoverageError::unknown(name));
            }
            url.write_target(out);
        }
        _ if name.starts_with('@') => return Err(CoverageError::unknown(name)),
        "signature" | "signature-input" => return Err(CoverageError::unknown(name)),
        "host" => unfold(out, once(message.host(), name)?),
        "content-length" if message.field(b"content-length") == Lookup::Absent => {
            out.extend_from_slice(message.body().length.to_string().as_bytes());
        }
        "content-digest" | "content-length" | "content-type" | "date" | "digest" | "x-copernica-id" => {
            unfold(out, once(message.field(name.as_bytes()), name)?);
        }
        _ => field(out, message, name)?,
    }
    Ok(())
}

/// The values of a header field, those of several lines joined (RFC 9421 §2.1). Fields that say one thing are not: a
/// second one is an attempt to be misread.
fn field(out: &mut Vec<u8>, message: &Message<'_>, name: &str) -> Result<(), CoverageError> {
    let start = out.len();
    let mut count = 0;
    for value in message.all(name.as_bytes()) {
        if count > 0 {
            out.extend_from_slice(b", ");
        }
        unfold(out, value);
        count += 1;
        if out.len() - start > MAX_FIELD_BYTES {
            return Err(CoverageError::too_long(name));
        }
    }
    if count == 0 { Err(CoverageError::absent(name)) } else { Ok(()) }
}

/// The value of the query parameter of a name, decoded and encoded again (RFC 9421 §2.2.8). It must be there once.
fn query_parameter(out: &mut Vec<u8>, query: &[u8], parameters: &Parameters) -> Result<(), CoverageError> {
    let name = "@query-param";
    let [(key, BareItem::String(wanted))] = parameters.as_slice() else {
        return Err(CoverageError::unknown(name));
    };
    if key != "name" {
        return Err(CoverageError::unknown(name));
    }
    let mut found = None;
    for pair in query.split(|byte| *byte == b'&') {
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (key, value) = (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default());
        if re_encoded(key) == wanted.as_bytes() && found.replace(value).is_some() {
            return Err(CoverageError::repeated(name));
        }
    }
    let value = found.ok_or_else(|| CoverageError::absent(name))?;
    out.extend_from_slice(&re_encoded(value));
    Ok(())
}

/// A part of a query with one spelling for each byte: what needs no escape stands for itself, all else as `%XX`.
fn re_encoded(part: &[u8]) -> Vec<u8> {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(part.len());
    let mut at = 0;
    while let Some(&byte) = part.get(at) {
        let escaped = if byte == b'%' { hex(part.get(at + 1)).zip(hex(part.get(at + 2))) } else { None };
        let byte = match (byte, escaped) {
            (b'+', _) => b' ',
            // Two hexadecimal digits make at most 255.
            (_, Some((high, low))) => u8::try_from(high * 16 + low).unwrap_or_default(),
            (byte, None) => byte,
        };
        if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) {
            out.push(byte);
        } else {
            out.push(b'%');
            out.extend([byte >> 4, byte & 15].iter().filter_map(|digit| DIGITS.get(usize::from(*digit))));
        }
        at += if escaped.is_some() { 3 } else { 1 };
    }
    out
}

fn once<'a>(found: Lookup<'a>, name: &str) -> Result<&'a [u8], CoverageError> {
    match found {
        Lookup::Once(value) if value.len() > MAX_FIELD_BYTES => Err(CoverageError::too_long(name)),
        Lookup::Once(value) => Ok(value),
        Lookup::Absent => Err(CoverageError::absent(name)),
        Lookup::Repeated => Err(CoverageError::repeated(name)),
    }
}

/// `https`, unless the URL tells otherwise.
fn scheme(out: &mut Vec<u8>, message: &Message<'_>) {
    out.extend(message.scheme().iter().map(u8::to_ascii_lowercase));
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
