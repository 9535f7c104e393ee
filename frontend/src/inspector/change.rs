//! “Try it”: what was pasted, changed as a cause says, so that one sees it verify.

use super::{Answer, Cause, Shared};

/// What stands on the page, changed as the cause says; `None` where that is not to be done there.
pub(crate) fn changed(shared: &Shared, answer: &Answer, cause: &Cause) -> Option<Shared> {
    let request = answer.request.as_ref()?;
    let report = answer.report.as_ref()?;
    let raw = request.printed.clone().unwrap_or_else(|| shared.raw.clone());
    let next = Shared { form: "raw".into(), body: String::new(), index: 0, ..shared.clone() };
    if let (Some(signed), Some(received)) = (&cause.signing_string, &report.signing_string) {
        let mut raw = raw;
        let mut touched = false;
        for (name, value) in signed.lines().filter(|line| !received.lines().any(|each| each == *line)).filter_map(part)
        {
            raw = with_part(&raw, name, value)?;
            touched = true;
        }
        return touched.then_some(Shared { raw, ..next });
    }
    if cause.code == "clock-zone" {
        let date = request.header("date")?.to_owned();
        return Some(Shared { arrived: date, ..shared.clone() });
    }
    let body = answer.signed.as_ref()?;
    let raw = with_body(&raw, body.text.as_deref()?);
    Some(Shared { raw: with_part(&raw, "content-length", &body.length.to_string()).unwrap_or(raw), ..next })
}

/// The name and the value of a line of a signing string (RFC 9421 puts the name into quotes).
fn part(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(": ")?;
    Some((name.trim_matches('"'), value))
}

/// A raw request with another value of a header field, or another path. `None` where it has no such field.
fn with_part(raw: &str, name: &str, value: &str) -> Option<String> {
    let (head, body) = split_head(raw);
    let mut lines: Vec<String> = head.split('\n').map(str::to_owned).collect();
    match name {
        "(request-target)" | "@path" | "@target-uri" | "@query" => {
            let target = value.rsplit(' ').next()?;
            let line = lines.first_mut()?;
            let mut words: Vec<&str> = line.split(' ').collect();
            *words.get_mut(1)? = target;
            *line = words.join(" ");
        }
        name => {
            let name = if name == "@authority" { "host" } else { name };
            let line = lines
                .iter_mut()
                .skip(1)
                .find(|line| line.split_once(':').is_some_and(|(each, _)| each.eq_ignore_ascii_case(name)))?;
            let (written, _) = line.split_once(':')?;
            *line = format!("{written}: {value}");
        }
    }
    Some(format!("{}{body}", lines.join("\n")))
}

fn with_body(raw: &str, body: &str) -> String {
    let (head, _) = split_head(raw);
    format!("{head}\n\n{body}")
}

/// The head, and the rest with the empty line that it begins with.
fn split_head(raw: &str) -> (&str, &str) {
    raw.find("\n\n").map_or((raw, ""), |at| raw.split_at(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "POST /a?b HTTP/1.1\nHost: app:3000\nContent-Length: 3\n\n{}\n";

    #[test]
    fn parts_are_put_in_their_place() {
        assert_eq!(
            with_part(RAW, "host", "a.example").unwrap(),
            "POST /a?b HTTP/1.1\nHost: a.example\nContent-Length: 3\n\n{}\n"
        );
        assert_eq!(
            with_part(RAW, "(request-target)", "post /x/a?b").unwrap(),
            "POST /x/a?b HTTP/1.1\nHost: app:3000\nContent-Length: 3\n\n{}\n"
        );
        assert_eq!(with_part(RAW, "x-nonce", "1"), None);
        assert_eq!(with_body(RAW, "{}"), "POST /a?b HTTP/1.1\nHost: app:3000\nContent-Length: 3\n\n{}");
        assert_eq!(part("\"@path\": /a"), Some(("@path", "/a")));
    }
}
