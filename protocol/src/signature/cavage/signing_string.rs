//! The signing string (draft-cavage-http-signatures §2.3).

use super::Signature;
use crate::message::{Lookup, MAX_FIELD_BYTES, Message};
use crate::signature::{CoverageError, unfold};

/// Builds the signing string: a line for each covered name, in order. The target is taken byte for byte.
///
/// A `content-length` that is covered but did not arrive (HTTP/2, or a gateway that removed it) is that of the body,
/// and a `host` that did not arrive is that of the URL: the signature then says whether that is what was sent.
///
/// # Errors
/// [`CoverageError`] if a covered header field is not there exactly once.
pub fn signing_string(message: &Message<'_>, signature: &Signature<'_>) -> Result<Vec<u8>, CoverageError> {
    let mut out = Vec::with_capacity(512);
    lines(&mut out, message, signature)?;
    Ok(out)
}

fn lines(out: &mut Vec<u8>, message: &Message<'_>, signature: &Signature<'_>) -> Result<(), CoverageError> {
    for (index, name) in signature.covered.iter().enumerate() {
        if index > 0 {
            out.push(b'\n');
        }
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        match name.as_ref() {
            "(request-target)" => {
                out.extend(message.method().iter().map(u8::to_ascii_lowercase));
                out.push(b' ');
                message.url().write_target(out);
            }
            "(created)" => parameter(out, name, signature.created.as_deref())?,
            "(expires)" => parameter(out, name, signature.expires.as_deref())?,
            // The signature cannot cover itself.
            "signature" => return Err(CoverageError::unknown(name)),
            _ if name.starts_with('(') => return Err(CoverageError::unknown(name)),
            _ => field(out, message, name)?,
        }
    }
    Ok(())
}

fn parameter(out: &mut Vec<u8>, name: &str, value: Option<&str>) -> Result<(), CoverageError> {
    out.extend_from_slice(value.ok_or_else(|| CoverageError::absent(name))?.as_bytes());
    Ok(())
}

fn field(out: &mut Vec<u8>, message: &Message<'_>, name: &str) -> Result<(), CoverageError> {
    let found = if name == "host" { message.host() } else { message.field(name.as_bytes()) };
    match found {
        Lookup::Once(value) if value.len() > MAX_FIELD_BYTES => Err(CoverageError::too_long(name)),
        Lookup::Once(value) => {
            unfold(out, value);
            Ok(())
        }
        Lookup::Repeated => Err(CoverageError::repeated(name)),
        Lookup::Absent if name == "content-length" => {
            out.extend_from_slice(message.body().length.to_string().as_bytes());
            Ok(())
        }
        Lookup::Absent => Err(CoverageError::absent(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Body, Field};

    fn build(headers: &str, fields: &[Field<'_>]) -> Result<String, CoverageError> {
        let text = format!("keyId=\"k\",created=7,headers=\"{headers}\",signature=\"AAAA\"");
        let signature = Signature::parse(text.as_bytes()).unwrap();
        let message = Message::new(b"POST", b"/x?a=%2f", fields, Body { length: 3, ..Body::default() });
        signing_string(&message, &signature).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn lines_are_in_the_order_of_headers() {
        let fields = [Field::new("Date", " d "), Field::new("HOST", "h"), Field::new("X-Empty", "")];
        assert_eq!(
            build("(request-target) Host date (created) content-length x-empty", &fields).unwrap(),
            "(request-target): post /x?a=%2f\nhost: h\ndate: d\n(created): 7\ncontent-length: 3\nx-empty: "
        );
    }

    #[test]
    fn a_signed_header_that_occurs_twice_is_refused() {
        let fields = [Field::new("date", "1"), Field::new("Date", "1")];
        assert_eq!(build("date", &fields), Err(CoverageError::Repeated("date".into())));
        assert_eq!(build("host", &fields), Err(CoverageError::Absent("host".into())));
        assert_eq!(build("(expires)", &fields), Err(CoverageError::Absent("(expires)".into())));
        assert_eq!(build("(other)", &fields), Err(CoverageError::Unknown("(other)".into())));
    }

    #[test]
    fn a_line_end_inside_a_value_forges_no_line() {
        let fields = [Field::new("date", "x\ndigest: y")];
        assert_eq!(build("date", &fields).unwrap(), "date: x digest: y");
    }
}
