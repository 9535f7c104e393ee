//! What can be measured, and how.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Result, bail};

use crate::browser;
use crate::build;
use crate::step::{self, Step};
use crate::tools::{self, Extent};
use crate::ui;
use crate::workspace::{Workspace, cargo};

/// Makes the program that measures.
type Prepare = fn(&Workspace) -> Result<Command>;

/// Builds what is measured.
type Build = fn(&Workspace) -> Result<()>;

/// The measurements: their names, what they measure, what must be built for it, and with what.
const BENCHES: [(&str, &str, Build, Prepare); 5] = [
    (
        "deliver",
        "the release server, from an event handed in to a call accepted: rate, latency, bad receivers",
        build::all,
        deliver,
    ),
    ("verify", "calls verified a second by the npm package in Node, and what it takes to load it", package, verify),
    (
        "diagnose",
        "mails that came back, of --corpus FOLDER (which must be given): how right, and how fast",
        package,
        diagnose,
    ),
    (
        "dashboard",
        "the dashboard in Chromium: what its first page takes, how soon it answers, how fast it filters and checks",
        build::all,
        dashboard,
    ),
    ("sizes", "what is sent to browsers and to npm: plain, gzip and brotli", build::all, sizes),
];

/// Measures, or lists what can be measured. What follows the name is handed on.
pub(crate) fn run(workspace: &Workspace, name: Option<&str>, arguments: &[OsString]) -> Result<()> {
    let Some(name) = name else {
        for (name, what, ..) in BENCHES {
            ui::line(format!("{name:9} {what}"));
        }
        return Ok(());
    };
    let Some((_, _, build, prepare)) = BENCHES.iter().find(|(known, ..)| *known == name) else {
        bail!("There is no measurement '{name}'. `cargo xtask bench` lists those there are.");
    };
    build(workspace)?;
    let mut command = prepare(workspace)?;
    if !step::stream(command.args(arguments).current_dir(&workspace.root))?.success {
        bail!("The measurement '{name}' failed.");
    }
    Ok(())
}

fn package(workspace: &Workspace) -> Result<()> {
    build::npm_package(workspace, &build::wasm_tools(workspace)?)
}

fn deliver(workspace: &Workspace) -> Result<Command> {
    let mut build = Command::new(cargo());
    build.current_dir(&workspace.root).args(["build", "--release", "-p", "seinpost-bench"]);
    Step::new("Compile what measures").show_all().run(&mut build)?;
    let mut bench = Command::new(workspace.target.join("release/seinpost-bench"));
    bench.arg("deliver").arg("--server").arg(workspace.binary());
    Ok(bench)
}

fn verify(workspace: &Workspace) -> Result<Command> {
    let folder = workspace.root.join("wasm-verify/bench");
    if folder.join("package-lock.json").exists() {
        tools::npm_packages(&folder, Extent::Tests, "Install what is measured beside it")?;
    }
    let mut node = Command::new("node");
    node.arg(folder.join("verify.mjs")).env("SEINPOST_VERIFY_DIR", crate::test::installed_package(workspace)?);
    Ok(node)
}

fn diagnose(workspace: &Workspace) -> Result<Command> {
    let mut build = Command::new(cargo());
    build.current_dir(&workspace.root).args([
        "build",
        "--release",
        "-p",
        "seinpost-protocol",
        "--features",
        "charsets",
    ]);
    build.args(["--example", "diagnose_corpus", "--example", "diagnose_bench"]);
    Step::new("Compile what measures").show_all().run(&mut build)?;
    let mut node = Command::new("node");
    node.arg(workspace.root.join("tests/bench/diagnose.mjs"));
    node.arg("--programs").arg(workspace.target.join("release/examples"));
    node.arg("--package").arg(workspace.npm().join("package"));
    Ok(node)
}

fn dashboard(workspace: &Workspace) -> Result<Command> {
    let browser = browser::find("A browser to measure in is needed")?;
    let folder = workspace.root.join("tests");
    tools::npm_packages(&folder, Extent::Tests, "Install what drives the browser")?;
    let mut node = Command::new("node");
    node.arg(folder.join("bench/dashboard.mjs"))
        .env("SEINPOST_BINARY", workspace.binary())
        .env("SEINPOST_VERIFY_DIR", crate::test::installed_package(workspace)?)
        .env("SEINPOST_CHROMIUM", browser.chromium);
    Ok(node)
}

fn sizes(workspace: &Workspace) -> Result<Command> {
    let mut node = Command::new("node");
    node.arg(workspace.root.join("tests/bench/sizes.mjs"));
    Ok(node)
}
