//! Schemathesis: calls everything that the server's description of its API names, with what it says and with what it does
//! not, and looks whether the answers are as described.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::args::TestOptions;
use crate::debian;
use crate::run::service::{Service, Stdout};
use crate::stamp;
use crate::step::{self, Step};
use crate::versions;
use crate::workspace::{Workspace, cargo, on_path};

use super::counts::Counts;

/// How long it may call, in seconds.
const SECONDS: &str = "100";
/// What must hold for every answer: no 5xx, no status, no type and no body that is not described.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance";

/// What it calls with, in a server that nobody else knows.
const TOKEN: &str = "seinpost-called-with-what-it-does-not-expect";

/// Calls a server of its own.
pub(super) fn run(workspace: &Workspace, _: &TestOptions) -> Result<Counts> {
    let program = installed(workspace)?;
    let mut build = Command::new(cargo());
    build.current_dir(&workspace.root).args(["build", "-p", "seinpost"]);
    Step::new("Compile the server").show_all().run(&mut build)?;
    let binary = workspace.target.join("debug/seinpost");
    let data = workspace.target.join("schemathesis");
    if data.exists() {
        std::fs::remove_dir_all(&data)?;
    }
    std::fs::create_dir_all(&data)?;
    // A port that is free now is free a moment later, too.
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut serve = Command::new(&binary);
    serve.env("SEINPOST_BOOTSTRAP_TOKEN", TOKEN);
    serve.args(["serve", "--listen", &address.to_string(), "--data"]).arg(&data);
    // Made-up URLs are called, and do not answer.
    serve.args(["--connect-timeout", "1s", "--call-timeout", "2s", "--log", "error"]);
    let mut server = Service::start("the server", serve, Stdout::Kept(&data.join("server.log")))?;
    let mut calls = Command::new(program);
    calls
        .current_dir(&data)
        .env("SCHEMATHESIS_HOOKS", workspace.root.join("xtask/python/hooks.py"))
        .args(["run", &format!("http://{address}/openapi.json"), "--wait-for-schema", "30", "--no-color"])
        .args(["--header", &format!("Authorization: Bearer {TOKEN}")])
        .args(["--checks", CHECKS, "--max-time", SECONDS, "--request-timeout", "30", "--seed", "1"])
        .args(["--generation-database", "none", "--warnings", "off", "--continue-on-failure"])
        // A stream has no end, and a session is a browser's.
        .args(["--exclude-operation-id", "watch", "--exclude-operation-id", "deleteSession"])
        // It would take its own token away.
        .args(["--exclude-operation-id", "revokeToken"])
        .arg("--suppress-health-check=all");
    let written = step::stream(&mut calls)?;
    server.check()?;
    Ok(if written.success { Counts { passed: 1, failed: 0 } } else { Counts { passed: 0, failed: 1 } })
}

/// The program, in an environment of Python's own with pinned packages.
fn installed(workspace: &Workspace) -> Result<PathBuf> {
    let list = workspace.root.join("xtask/python/requirements.txt");
    let home = workspace.cache.join(format!("schemathesis-{}", stamp::of_files([list.as_path()])?));
    let (program, done) = (home.join("bin/schemathesis"), home.join("installed"));
    if program.exists() && done.exists() {
        return Ok(program);
    }
    if !has_venv() {
        debian::install(&versions::DEBIAN_PYTHON, "Python is needed to call the API with what it does not expect")?;
    }
    if home.exists() {
        std::fs::remove_dir_all(&home)?;
    }
    Step::new("Make an environment for Schemathesis").run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    let mut pip = Command::new(home.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"]).arg(&list);
    Step::new("Install Schemathesis").run(&mut pip)?;
    if !program.exists() {
        bail!("Schemathesis was installed, but {} is not there", program.display());
    }
    std::fs::write(&done, "")?;
    Ok(program)
}

/// Whether the Python that is there can make environments.
fn has_venv() -> bool {
    on_path("python3").is_some()
        && Command::new("python3")
            .args(["-c", "import venv, ensurepip"])
            .output()
            .is_ok_and(|output| output.status.success())
}
