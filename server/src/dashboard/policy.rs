//! The content security policy of the dashboard.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The policy for a page: its own files, and the inline scripts that stand in it (Trunk writes one that starts the wasm),
/// by their hash. Nothing else runs, nothing is loaded from elsewhere, nothing is asked but this server and, where it is
/// given, the origin `asked`, and only pages of `ancestors` may frame it.
pub(super) fn of_page(html: &str, ancestors: &[String], asked: Option<&str>) -> String {
    let mut scripts = String::from("'self' 'wasm-unsafe-eval'");
    for script in inline_scripts(html) {
        let hash = STANDARD.encode(digest(&SHA256, script.as_bytes()));
        scripts.push_str(&format!(" 'sha256-{hash}'"));
    }
    let ancestors = if ancestors.is_empty() { "'none'".to_owned() } else { ancestors.join(" ") };
    let asked = asked.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; connect-src 'self'{asked}; \
         font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    )
}

/// The text of every `<script>` without a `src`.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(begin) = rest.find("<script") {
        rest = &rest[begin..];
        let Some(open) = rest.find('>') else { break };
        let Some(close) = rest[open..].find("</script") else { break };
        let (tag, text) = (&rest[..open], &rest[open + 1..open + close]);
        if !tag.contains(" src=") && !text.trim().is_empty() {
            found.push(text);
        }
        rest = &rest[open + close..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_and_no_others() {
        let html = "<script src=\"/a.js\"></script><script type=\"module\">alert(1)</script><script> </script><p>";
        assert_eq!(inline_scripts(html), ["alert(1)"]);
        let policy = of_page(html, &[], None);
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
        assert!(!policy.contains("unsafe-inline"));
        assert_eq!(of_page("", &[], None).matches("sha256").count(), 0);
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        let framed = of_page("", &["https://a.example".into(), "https://*.b.example".into()], None);
        assert!(framed.ends_with("frame-ancestors https://a.example https://*.b.example"), "{framed}");
    }

    #[test]
    fn one_origin_may_be_asked() {
        assert!(of_page("", &[], None).contains("connect-src 'self';"));
        let policy = of_page("", &[], Some("https://dns.example"));
        assert!(policy.contains("connect-src 'self' https://dns.example;"), "{policy}");
        assert_eq!(policy.matches("dns.example").count(), 1);
    }

    #[test]
    fn a_page_that_is_cut_off_does_not_confuse_it() {
        for html in ["<script", "<script>", "<script>a", "<script>a</scrip", "</script><script>b</script>"] {
            let _ = of_page(html, &[], None);
        }
    }
}
