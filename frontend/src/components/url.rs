//! URLs, with the host standing out, that break where a reader would break them.

use yew::prelude::*;

/// The scheme with its `//`, the host with its port, and the rest of a URL.
pub(crate) fn split_url(url: &str) -> (&str, &str, &str) {
    let (scheme, rest) = match url.find("://") {
        Some(at) => url.split_at(at + 3),
        None => ("", url),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    (scheme, host, path)
}

/// A URL, whole.
pub(crate) fn url(url: &str) -> Html {
    shown(url, true)
}

/// A URL without its scheme, where a list says no more than it must.
pub(crate) fn url_without_scheme(url: &str) -> Html {
    // http is not what one expects, so it is said.
    shown(url, !url.starts_with("https://"))
}

fn shown(url: &str, with_scheme: bool) -> Html {
    let (scheme, host, path) = split_url(url);
    html! {
        <>
            if with_scheme && !scheme.is_empty() {
                <span class="url__scheme">{ scheme.to_owned() }</span>
            }
            <span class="url__host">{ host.to_owned() }</span>
            if path != "/" || with_scheme {
                <span class="url__path">
                    { for segments(path).map(|segment| html! { <><wbr />{ segment.to_owned() }</> }) }
                </span>
            }
        </>
    }
}

/// The parts of a path between which a line may break: after each `/`.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split_inclusive('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_url() {
        for (url, expected) in [
            ("https://hooks.example.org/mail/bounces", ("https://", "hooks.example.org", "/mail/bounces")),
            ("http://127.0.0.1:8081/?a=b", ("http://", "127.0.0.1:8081", "/?a=b")),
            ("https://example.com", ("https://", "example.com", "")),
            ("example.com?x", ("", "example.com", "?x")),
        ] {
            assert_eq!(split_url(url), expected);
        }
        assert_eq!(segments("/mail/bounces").collect::<Vec<_>>(), ["/", "mail/", "bounces"]);
    }
}
