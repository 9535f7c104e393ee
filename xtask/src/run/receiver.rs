//! The example receiver: a real Node program, with the package installed from its tarball.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::interrupt;
use crate::stamp;
use crate::step::Step;
use crate::tools;
use crate::workspace::Workspace;

use super::api::Api;
use super::service::{Service, Stdout};

/// How long it may take to start.
const START: Duration = Duration::from_secs(20);

/// The folder whose files the receiver serves, so that webhooks can be verified.
pub(crate) fn verification_folder(demo: &Path) -> PathBuf {
    demo.join("verification")
}

/// Installs and starts it, and waits until it listens.
pub(crate) fn start(workspace: &Workspace, api: &Api, port: u16, demo: &Path) -> Result<Service> {
    let example = workspace.root.join("examples/receiver-node");
    install(workspace, &example)?;
    let files = verification_folder(demo);
    std::fs::create_dir_all(&files).with_context(|| format!("{} cannot be created", files.display()))?;
    let keys = api.get("/v1/keys")?;
    let key_domain = keys
        .as_array()
        .and_then(|keys| keys.first())
        .and_then(|key| key["keyid"].as_str())
        .and_then(|keyid| keyid.split_once("._domainkey."))
        .map(|(_, domain)| domain.to_owned())
        .context("the server has no signing key")?;
    let mut node = Command::new("node");
    node.arg("receiver.mjs")
        .current_dir(&example)
        .env("PORT", port.to_string())
        .env("SEINPOST_URL", api.base())
        .env("SEINPOST_KEY_DOMAIN", key_domain)
        .env("VERIFICATION_FILES", &files);
    let mut receiver = Service::start("the example receiver", node, Stdout::Kept(&demo.join("receiver.log")))?;
    let until = Instant::now() + START;
    while receiver.find_line(|line| line.starts_with("listening")).is_none() {
        interrupt::check()?;
        receiver.check()?;
        if Instant::now() > until {
            bail!("The example receiver did not start.\n{}", receiver.last_lines());
        }
        receiver.wait(Duration::from_millis(50));
    }
    // Its first line has served its purpose.
    let _ = receiver.line(Duration::ZERO);
    Ok(receiver)
}

fn install(workspace: &Workspace, example: &Path) -> Result<()> {
    let tarball = workspace.tarball();
    let stamp = stamp::of_files([tarball.as_path()])?;
    let done = example.join("node_modules/.seinpost-installed");
    if std::fs::read_to_string(&done).is_ok_and(|installed| installed == stamp) {
        return Ok(());
    }
    Step::new("Install seinpost-verify for the example receiver")
        .run(tools::npm().args(["install", "--no-save", "--no-package-lock"]).arg(&tarball).current_dir(example))?;
    std::fs::write(&done, stamp).with_context(|| format!("{} cannot be written", done.display()))
}
