//! HTTP/1.1 requests, as people paste them.

/// A pasted request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawRequest {
    pub(crate) method: String,
    /// The path and query, or the absolute URL, of the request line.
    pub(crate) target: String,
    /// The header fields in order; folded lines joined.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The lines of the body were taken to end in CR LF, since that is what `Content-Length` counts: a text field in a
    /// browser keeps only the LF.
    pub(crate) crlf_restored: bool,
}

impl RawRequest {
    /// The first value of a header field.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why a pasted text is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RawError {
    /// There is nothing.
    Empty,
    /// The first line is no request line such as `POST /path HTTP/1.1`.
    RequestLine,
    /// This line, from 1, is no header field.
    Header(usize),
}

/// Reads a request. Line ends may be LF or CR LF.
pub(crate) fn parse(text: &str) -> Result<RawRequest, RawError> {
    let text = text.trim_start_matches(['\r', '\n', ' ']);
    if text.is_empty() {
        return Err(RawError::Empty);
    }
    let (head, body) = split_head(text);
    let mut lines = head.lines().enumerate();
    let (_, request_line) = lines.next().ok_or(RawError::Empty)?;
    let (method, target) = request_line_parts(request_line).ok_or(RawError::RequestLine)?;
    let mut headers: Vec<(String, String)> = Vec::new();
    for (index, line) in lines {
        if line.starts_with([' ', '\t']) {
            // RFC 9112 §5.2: a line that begins with white space goes on with the one before.
            let (_, value) = headers.last_mut().ok_or(RawError::Header(index + 1))?;
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(RawError::Header(index + 1))?;
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(RawError::Header(index + 1));
        }
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = RawRequest { method, target, headers, body: body.as_bytes().to_vec(), crlf_restored: false };
    restore_crlf(&mut request, body);
    Ok(request)
}

/// The head without its closing empty line, and the body.
fn split_head(text: &str) -> (&str, &str) {
    let lf = text.find("\n\n").map(|at| (at, 2));
    let crlf = text.find("\r\n\r\n").map(|at| (at, 4));
    match lf.into_iter().chain(crlf).min() {
        Some((at, length)) => (&text[..at], &text[at + length..]),
        None => (text, ""),
    }
}

fn request_line_parts(line: &str) -> Option<(String, String)> {
    let mut parts = line.split_whitespace();
    let (method, target) = (parts.next()?, parts.next()?);
    let version = parts.next().is_none_or(|version| version.starts_with("HTTP/"));
    let is_token = method.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_target = target.starts_with('/') || target.contains("://");
    (is_token && is_target && version && parts.next().is_none()).then(|| (method.to_owned(), target.to_owned()))
}

/// Gives the body back the CRs that a text field took out of it, where `Content-Length` says that they were there.
fn restore_crlf(request: &mut RawRequest, body: &str) {
    let Some(length) = request.header("content-length").and_then(|text| text.parse::<usize>().ok()) else { return };
    if length == body.len() || body.contains('\r') {
        return;
    }
    let feeds = body.bytes().filter(|byte| *byte == b'\n').count();
    if feeds > 0 && length == body.len() + feeds {
        request.body = body.replace('\n', "\r\n").into_bytes();
        request.crlf_restored = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_with_folded_fields() {
        let text = "POST /a?b=c HTTP/1.1\r\nHost: a.example\r\nSignature: keyId=\"x\",\r\n  algorithm=\"y\"\r\nX-Empty:\r\n\r\n{\"a\":1}\n";
        let request = parse(text).unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/a?b=c"));
        assert_eq!(request.header("HOST"), Some("a.example"));
        assert_eq!(request.header("signature"), Some("keyId=\"x\", algorithm=\"y\""));
        assert_eq!(request.header("x-empty"), Some(""));
        assert_eq!(request.body, b"{\"a\":1}\n");
    }

    #[test]
    fn line_ends_of_the_body_are_what_the_length_counts() {
        let with = |length: usize| format!("POST / HTTP/1.1\nContent-Length: {length}\n\na\nb\n");
        let restored = parse(&with(6)).unwrap();
        assert_eq!((restored.body.as_slice(), restored.crlf_restored), (&b"a\r\nb\r\n"[..], true));
        for length in [3, 4, 5, 7] {
            assert!(!parse(&with(length)).unwrap().crlf_restored);
        }
    }

    #[test]
    fn what_is_no_request_says_where() {
        for (text, error) in [
            ("", RawError::Empty),
            ("\n \n", RawError::Empty),
            ("hello", RawError::RequestLine),
            ("POST", RawError::RequestLine),
            ("POST / HTTP/1.1 x", RawError::RequestLine),
            ("{\"a\": 1}", RawError::RequestLine),
            ("POST /\nHost a.example", RawError::Header(2)),
            ("POST /\nHost: a\n: b", RawError::Header(3)),
            ("POST /\n folded", RawError::Header(2)),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
        assert_eq!(parse("GET https://a.example/x").unwrap().target, "https://a.example/x");
    }
}
