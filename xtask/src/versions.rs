//! The versions of every tool that is installed from outside, in one place.
//!
//! Libraries are pinned by `Cargo.lock` and the `package-lock.json` files; npm tools by `xtask/npm/package-lock.json`.

/// Trunk, which builds the dashboard. The newest that builds with the workspace's `rust-version`.
pub(crate) const TRUNK: &str = "0.21.14";

/// wasm-bindgen's command line, which must be of the very version that `Cargo.lock` names (a test checks it).
pub(crate) const WASM_BINDGEN: &str = "0.2.130";

/// cargo-deny, which checks licences, bans, sources and advisories.
pub(crate) const CARGO_DENY: &str = "0.20.2";

/// cargo-fuzz, which drives libFuzzer.
pub(crate) const CARGO_FUZZ: &str = "0.13.2";

/// The oldest Node that everything here is meant for.
pub(crate) const NODE_MAJOR: u64 = 20;

/// Debian's packages for a Rust that can build for wasm32, where Rust's own download host is out of reach.
pub(crate) const DEBIAN_RUST: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// Where Debian's `wasm-ld` of [`DEBIAN_RUST`] stands.
pub(crate) const DEBIAN_WASM_LD: &str = "/usr/bin/wasm-ld-22";

/// Debian's packages of the browser that the tests drive.
pub(crate) const DEBIAN_BROWSER: [&str; 2] = ["chromium", "chromium-driver"];

/// Debian's package of the Redis that nonces are kept in by a test.
pub(crate) const DEBIAN_REDIS: &str = "redis-server";

/// Debian's packages of a Python that can make environments of its own.
pub(crate) const DEBIAN_PYTHON: [&str; 2] = ["python3", "python3-venv"];

/// Debian's clippy for [`DEBIAN_RUST`].
pub(crate) const DEBIAN_CLIPPY: &str = "rust-web-clippy";

#[cfg(test)]
mod tests {
    use crate::workspace::Workspace;

    fn locked(name: &str) -> Vec<String> {
        let lock = std::fs::read_to_string(Workspace::source_root().join("Cargo.lock")).expect("Cargo.lock");
        let wanted = format!("name = \"{name}\"");
        let mut lines = lock.lines();
        let mut found = Vec::new();
        while let Some(line) = lines.next() {
            if line == wanted {
                let version = lines.next().and_then(|line| line.strip_prefix("version = ")).expect("a version line");
                found.push(version.trim_matches('"').to_owned());
            }
        }
        found
    }

    #[test]
    fn wasm_bindgen_is_the_one_of_cargo_lock() {
        assert_eq!(locked("wasm-bindgen"), [super::WASM_BINDGEN]);
    }

    #[test]
    fn trunk_toml_asks_for_no_other_version() {
        let path = Workspace::source_root().join("Trunk.toml");
        let text = std::fs::read_to_string(path).expect("Trunk.toml");
        for line in text.lines().filter(|line| line.trim_start().starts_with("wasm_bindgen")) {
            assert!(line.contains(super::WASM_BINDGEN), "{line}");
        }
    }
}
