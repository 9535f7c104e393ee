//! What can be measured, and how.

use std::process::Command;

use anyhow::{Result, bail};

use crate::build;
use crate::step;
use crate::ui;
use crate::workspace::Workspace;

/// The measurements: their names, what they measure, and the Node program that does it.
const BENCHES: [(&str, &str, &str); 1] =
    [("sizes", "what is sent to browsers and to npm: plain, gzip and brotli", "tests/bench/sizes.mjs")];

/// Measures, or lists what can be measured.
pub(crate) fn run(workspace: &Workspace, name: Option<&str>) -> Result<()> {
    let Some(name) = name else {
        for (name, what, _) in BENCHES {
            ui::line(format!("{name:10} {what}"));
        }
        return Ok(());
    };
    let Some((_, _, program)) = BENCHES.iter().find(|(known, _, _)| *known == name) else {
        bail!("There is no measurement '{name}'. `cargo xtask bench` lists those there are.");
    };
    build::all(workspace)?;
    let mut node = Command::new("node");
    node.arg(workspace.root.join(program))
        .current_dir(&workspace.root)
        .env("SEINPOST_BINARY", workspace.binary())
        .env("SEINPOST_TARBALL", workspace.tarball());
    if !step::stream(&mut node)?.success {
        bail!("The measurement '{name}' failed.");
    }
    Ok(())
}
