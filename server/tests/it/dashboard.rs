//! The dashboard's files and the headers that guard it.

use std::io::Read as _;

use crate::support::{app::TestApp, client::Client};

#[tokio::test]
async fn pages_are_guarded_and_known_to_the_dashboard_itself() {
    let app = TestApp::start().await;
    let client = Client { token: None, ..app.client.clone() };
    for path in ["/", "/webhooks", "/webhooks/wh_1/settings", "/signin", "/index.html"] {
        let page = client.get(path).await.expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(page.header("cache-control"), "no-cache", "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert!(page.text().contains("Seinpost"), "{path}");
    }
    for path in ["/missing.js", "/a/b.css", "/../Cargo.toml", "/%2e%2e/Cargo.toml"] {
        client.get(path).await.expect(404);
    }
    client.call("POST", "/webhooks", &[], "").await.expect(405);
}

#[tokio::test]
async fn a_page_is_sent_as_the_browser_takes_it_and_once() {
    let app = TestApp::start().await;
    let client = Client { token: None, ..app.client.clone() };
    for path in ["/", "/inspector"] {
        let plain = client.get(path).await.expect(200);
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        let mut unzipped = Vec::new();
        let zipped = client.call("GET", path, &[("accept-encoding", "gzip")], "").await.expect(200);
        assert_eq!((zipped.header("content-encoding"), zipped.header("vary")), ("gzip", "accept-encoding"));
        flate2::read::GzDecoder::new(&zipped.body[..]).read_to_end(&mut unzipped).unwrap();
        assert_eq!(unzipped, plain.body, "{path}");
        let small = client.call("GET", path, &[("accept-encoding", "gzip, br")], "").await.expect(200);
        assert_eq!(small.header("content-encoding"), "br");
        let mut unpacked = Vec::new();
        brotli::Decompressor::new(&small.body[..], 4096).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body, "{path}");
        // Who has it gets no other, and the policy again.
        let tag = plain.header("etag");
        assert_eq!(small.header("etag"), tag);
        let known = client.call("GET", path, &[("if-none-match", tag)], "").await.expect(304);
        assert!(known.body.is_empty());
        assert_eq!(known.header("content-security-policy"), plain.header("content-security-policy"), "{path}");
    }
}
