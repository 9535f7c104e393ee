//! Debian's packages: installed as root, else the one command to run is named.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::step::Step;
use crate::workspace::on_path;

/// Sees to it that packages are installed. `why` completes "… is needed".
///
/// # Errors
/// If it cannot be done here: with the one command that a person can run.
pub(crate) fn install(packages: &[&str], why: &str) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if on_path("apt-get").is_none() {
        bail!("{why}, and this system has no apt-get to install it with. Install what Debian calls: {list}");
    }
    if !nix::unistd::Uid::effective().is_root() {
        bail!(
            "{why}. Run this, and then the same command again:\n  \
             sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends {list}'"
        );
    }
    // An old list may offer older versions, which do not fit.
    Step::new("Refresh Debian's package lists").run(apt().args(["update", "-qq"]))?;
    // Nothing that is installed may be removed for it: someone may need it.
    Step::new(format!("Install {list}"))
        .run(apt().args(["install", "-y", "--no-install-recommends", "--no-remove"]).args(&missing))?;
    Ok(())
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=120"]);
    apt
}

/// Whether a package is installed. Its list of files is a file itself: no program need be started to know.
fn installed(package: &str) -> bool {
    let info = Path::new("/var/lib/dpkg/info");
    if !info.join(format!("{package}.list")).exists() {
        return false;
    }
    // A package that was removed but for its configuration leaves its list behind.
    let query = Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]).output();
    query.is_ok_and(|output| output.stdout == b"installed")
}
