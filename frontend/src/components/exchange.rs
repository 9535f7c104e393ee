//! What was sent and what came back, byte for byte as far as a page can show bytes.

use std::fmt::Write as _;

use seinpost_protocol::rest::{HeaderField, RequestRecord, ResponseRecord};
use yew::prelude::*;

use super::{Code, CodeText, Long, laid_out, visible};
use crate::i18n::{Language, texts::exchange as texts, use_language};

/// A request as it was sent.
pub(crate) fn request_view(language: Language, request: &RequestRecord) -> Html {
    let line = format!("{} {} HTTP/1.1", request.method, target(&request.url));
    let size = request.body.as_deref().map_or(0, str::len);
    let head = language.fill(&texts::REQUEST, &[("n", &language.number(size as u64))]);
    let text = format!("{line}\n{}\n{}", fields_text(&request.headers), request.body.as_deref().unwrap_or_default());
    html! {
        <MessageView {line} headers={request.headers.clone()} body={request.body.clone().unwrap_or_default()}
            {head} {text} copy={language.say(&texts::COPY_REQUEST)} />
    }
}

/// A response as it was received.
pub(crate) fn response_view(language: Language, response: &ResponseRecord) -> Html {
    let line = format!("{} {}", response.status, reason_phrase(response.status)).trim_end().to_owned();
    let body = response.body.clone().unwrap_or_default();
    let size = language.number(body.len() as u64);
    let is_base64 = response.body_encoding.as_deref() == Some("base64");
    let head = match (is_base64, response.truncated) {
        (true, _) => language.fill(&texts::RESPONSE_BASE64, &[("status", &line)]),
        (false, true) => language.fill(&texts::RESPONSE_CUT, &[("status", &line), ("n", &size)]),
        (false, false) => language.fill(&texts::RESPONSE, &[("status", &line), ("n", &size)]),
    };
    let text = format!("{line}\n{}\n{body}", fields_text(&response.headers));
    html! {
        <MessageView {line} headers={response.headers.clone()} {body} {head} {text}
            copy={language.say(&texts::COPY_RESPONSE)} />
    }
}

#[derive(Properties, PartialEq)]
struct MessageViewProps {
    line: String,
    headers: Vec<HeaderField>,
    body: String,
    head: AttrValue,
    text: AttrValue,
    copy: AttrValue,
}

#[component]
fn MessageView(props: &MessageViewProps) -> Html {
    let language = use_language();
    let lay_out = use_state(|| true);
    let trimmed = props.body.trim_start_matches('\u{feff}').trim_start();
    let is_json = (trimmed.starts_with('{') || trimmed.starts_with('[')) && props.body.len() <= 1 << 20;
    let body = if is_json && *lay_out { laid_out(&props.body) } else { props.body.clone() };
    let shown = html! {
        <>
            <span class="hl-b">{ props.line.clone() }</span>{ "\n" }
            { for props.headers.iter().map(|(name, value)| html! {
                <><span class="hl-k">{ visible(name) }</span>{ ": " }{ visible(value) }{ "\n" }</>
            }) }
            if !props.body.is_empty() {
                { "\n" }<Long text={body} json={is_json} raw={!*lay_out} />
            }
        </>
    };
    let toggle = {
        let lay_out = lay_out.clone();
        Callback::from(move |_: MouseEvent| lay_out.set(!*lay_out))
    };
    html! {
        <Code class="code--s" head={html! { { props.head.clone() } }} copy={props.copy.clone()}
            code={CodeText::Shown { html: shown, text: props.text.clone() }}>
            if is_json {
                <button class="link" type="button" onclick={toggle}>
                    { language.say(if *lay_out { &texts::RAW } else { &texts::LAID_OUT }) }
                </button>
            }
        </Code>
    }
}

fn fields_text(headers: &[HeaderField]) -> String {
    headers.iter().fold(String::new(), |mut out, (name, value)| {
        // Writing to a String cannot fail.
        _ = writeln!(out, "{name}: {value}");
        out
    })
}

/// What stands in the request line: path and query.
fn target(url: &str) -> String {
    let (_, _, path) = super::split_url(url);
    let path = path.split('#').next().unwrap_or_default();
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// A command that repeats a request, for a shell.
pub(crate) fn as_curl(request: &RequestRecord) -> String {
    let mut out = format!("curl {}", quoted(&request.url));
    if request.method != "POST" || request.body.is_none() {
        _ = write!(out, " \\\n  -X {}", quoted(&request.method));
    }
    for (name, value) in &request.headers {
        // curl writes these two itself, from the URL and the body.
        if !name.eq_ignore_ascii_case("host") && !name.eq_ignore_ascii_case("content-length") {
            _ = write!(out, " \\\n  -H {}", quoted(&format!("{name}: {value}")));
        }
    }
    if let Some(body) = &request.body {
        _ = write!(out, " \\\n  --data-binary {}", quoted(body));
    }
    out
}

/// A word of a POSIX shell that is this text, whatever stands in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The usual words for a status code.
pub(crate) fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curl_command_survives_any_body() {
        let request = RequestRecord {
            method: "POST".into(),
            url: "https://a.example/it's?a=$(id)".into(),
            headers: vec![
                ("host".into(), "a.example".into()),
                ("x-nonce".into(), "`n`".into()),
                ("content-length".into(), "9".into()),
            ],
            body: Some("{\"a\":\"'\"}".into()),
        };
        assert_eq!(
            as_curl(&request),
            "curl 'https://a.example/it'\\''s?a=$(id)' \\\n  -H 'x-nonce: `n`' \\\n  --data-binary '{\"a\":\"'\\''\"}'"
        );
    }

    #[test]
    fn the_request_line_has_path_and_query() {
        assert_eq!(target("https://a.example"), "/");
        assert_eq!(target("https://a.example?x=1"), "/?x=1");
        assert_eq!(target("https://a.example:81/b?c=d#e"), "/b?c=d");
    }
}
