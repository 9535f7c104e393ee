//! What was signed of a request that this server sent.

use seinpost_protocol::rest::RequestRecord;

/// The signing string of a request signed with the profile `cavage`, put together from the request and the names that
/// its own `Signature` lists. `None` for other profiles.
pub(crate) fn signing_string_of(request: &RequestRecord) -> Option<String> {
    let field = |name: &str| {
        request.headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let (_, rest) = field("signature")?.split_once("headers=\"")?;
    let (names, _) = rest.split_once('"')?;
    let (_, _, path) = crate::components::split_url(&request.url);
    let slash = if path.starts_with('/') { "" } else { "/" };
    let lines: Option<Vec<String>> = names
        .split_whitespace()
        .map(|name| match name {
            "(request-target)" => Some(format!("{name}: {} {slash}{path}", request.method.to_ascii_lowercase())),
            name => field(name).map(|value| format!("{name}: {value}")),
        })
        .collect();
    lines.map(|lines| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(signature: &str) -> RequestRecord {
        RequestRecord {
            method: "POST".into(),
            url: "https://a.example/x?y=1".into(),
            headers: vec![("Host".into(), "a.example".into()), ("Signature".into(), signature.into())],
            body: None,
        }
    }

    #[test]
    fn lines_in_the_order_of_the_signature() {
        let signed = request(r#"keyId="k",headers="(request-target) host",signature="x""#);
        assert_eq!(signing_string_of(&signed).as_deref(), Some("(request-target): post /x?y=1\nhost: a.example"));
        assert_eq!(signing_string_of(&request(r#"headers="host date""#)), None);
        assert_eq!(signing_string_of(&request("sig1=:abc:")), None);
    }
}
