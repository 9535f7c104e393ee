//! The dashboard's files and the headers that guard it.

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
