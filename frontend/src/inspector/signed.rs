//! What was signed of a request that this server sent.

use seinpost_protocol::{
    message::{Body, Field, Message},
    rest::RequestRecord,
    signature::{cavage, rfc9421},
};

/// What was signed of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// A line for each part: its name, a colon, its value.
    pub(crate) lines: String,
    /// Whether the parts are those of `standard`: the values alone were signed, with the body after them.
    pub(crate) is_standard: bool,
}

/// What was signed of a request, put together from it as its receiver does. `None` where it tells of no signature that
/// can be read.
pub(crate) fn signed_of(request: &RequestRecord) -> Option<Signed> {
    let fields: Vec<Field<'_>> = request.headers.iter().map(|(name, value)| Field::new(name, value)).collect();
    let length = request.body.as_deref().map_or(0, str::len) as u64;
    let body = Body { length, ..Body::default() };
    let message = Message::new(request.method.as_bytes(), request.url.as_bytes(), &fields, body);
    let once = |name: &str| message.field(name.as_bytes()).once().map(String::from_utf8_lossy);
    if let (Some(id), Some(time)) = (once("webhook-id"), once("webhook-timestamp")) {
        let lines = format!("webhook-id: {id}\nwebhook-timestamp: {time}");
        return Some(Signed { lines, is_standard: true });
    }
    let text = if once("signature-input").is_some() {
        let signatures = rfc9421::signatures(&message).ok()?;
        rfc9421::signature_base(&message, signatures.first()?).ok()?
    } else {
        let signature = cavage::Signature::parse(message.field(b"signature").once()?).ok()?;
        cavage::signing_string(&message, &signature).ok()?
    };
    Some(Signed { lines: String::from_utf8_lossy(&text).into_owned(), is_standard: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(headers: &[(&str, &str)]) -> Option<Signed> {
        signed_of(&RequestRecord {
            method: "POST".into(),
            url: "https://user:***@a.example/x?y=1".into(),
            headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            body: Some("{}".into()),
        })
    }

    fn lines(headers: &[(&str, &str)]) -> Option<String> {
        signed(headers).map(|signed| signed.lines)
    }

    #[test]
    fn lines_in_the_order_of_the_signature() {
        let host = ("Host", "a.example");
        let cavage = r#"keyId="k",algorithm="rsa-sha256",headers="(request-target) host",signature="AAAA""#;
        assert_eq!(
            lines(&[host, ("Signature", cavage)]).as_deref(),
            Some("(request-target): post /x?y=1\nhost: a.example")
        );
        let input = r#"sig1=("@method" "@target-uri" "content-length");created=1;keyid="k""#;
        assert_eq!(
            lines(&[host, ("content-length", "2"), ("Signature-Input", input), ("Signature", "sig1=:AAAA:")])
                .as_deref(),
            Some(concat!(
                "\"@method\": POST\n\"@target-uri\": https://a.example/x?y=1\n\"content-length\": 2\n",
                "\"@signature-params\": (\"@method\" \"@target-uri\" \"content-length\");created=1;keyid=\"k\""
            ))
        );
        let standard =
            signed(&[("webhook-id", "test_1"), ("webhook-timestamp", "7"), ("webhook-signature", "v1,AAAA")]);
        let lines_of_it = "webhook-id: test_1\nwebhook-timestamp: 7".to_owned();
        assert_eq!(standard, Some(Signed { lines: lines_of_it, is_standard: true }));
        assert_eq!(lines(&[host, ("Signature", "sig1=:abc:")]), None);
        assert_eq!(lines(&[host]), None);
    }
}
