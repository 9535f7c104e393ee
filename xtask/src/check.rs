//! Checks that are no tests: clippy and cargo-deny.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::debian;
use crate::step::{self, Step};
use crate::toolchain::{self, WASM};
use crate::tools;
use crate::ui;
use crate::versions;
use crate::workspace::{Workspace, cargo};

/// The crates that are built for wasm32, and their folders.
pub(crate) const WASM_CRATES: [(&str, &str); 8] = [
    ("seinpost-frontend", "frontend"),
    ("seinpost-verify", "wasm-verify"),
    ("seinpost-verify-ed25519", "wasm-verify/ed25519"),
    ("seinpost-verify-explain", "wasm-verify/explain"),
    ("seinpost-verify-mail", "wasm-verify/mail"),
    ("seinpost-verify-node", "wasm-verify/node"),
    ("seinpost-verify-pure", "wasm-verify/pure"),
    ("seinpost-verify-standard", "wasm-verify/standard"),
];

/// Clippy on every crate, for the target that it is built for.
pub(crate) fn lint(workspace: &Workspace) -> Result<()> {
    let mut native = Command::new(cargo());
    native.current_dir(&workspace.root).args(["clippy", "--workspace", "--all-targets", "--all-features"]);
    for (package, _) in WASM_CRATES {
        native.args(["--exclude", package]);
    }
    native.args(["--", "-D", "warnings"]);
    Step::new("Run clippy on what is native").show_all().run(&mut native)?;

    let rust = toolchain::for_wasm(workspace)?;
    let mut wasm = if rust.is_debians() {
        debian::install(&[versions::DEBIAN_CLIPPY], "Clippy for Debian's Rust is needed")?;
        // Not by way of `cargo clippy`, which may find rustup's.
        let mut clippy = Command::new("/usr/bin/cargo-clippy");
        rust.apply(&mut clippy, &[])?;
        clippy
    } else {
        rust.cargo()?
    };
    wasm.current_dir(&workspace.root).args(["clippy", "--target", WASM, "--all-targets"]);
    for (package, _) in WASM_CRATES {
        wasm.args(["-p", package]);
    }
    wasm.args(["--", "-D", "warnings"]);
    Step::new("Run clippy on what is WebAssembly").show_all().run(&mut wasm)?;
    Ok(())
}

/// Licences, bans, sources; advisories where their database can be had.
pub(crate) fn deny(workspace: &Workspace) -> Result<()> {
    let folder = tools::ensure(workspace, &tools::CARGO_DENY)?;
    let program = folder.join("cargo-deny");
    let database = Step::new("Fetch the list of known vulnerabilities")
        .attempt(deny_command(&program, workspace).args(["fetch", "db"]))?;
    let mut command = deny_command(&program, workspace);
    command.args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]);
    if database.success {
        command.arg("advisories");
    } else {
        ui::note("The list of known vulnerabilities cannot be fetched here: advisories are not checked.");
    }
    if !step::stream(&mut command)?.success {
        anyhow::bail!("cargo deny found what is listed above. deny.toml says what is allowed and why.");
    }
    Ok(())
}

fn deny_command(program: &Path, workspace: &Workspace) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&workspace.root).args(["--all-features", "--log-level", "warn"]);
    command
}
