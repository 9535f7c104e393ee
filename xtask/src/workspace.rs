//! Where things stand: the tree, the target folder, the cache of tools.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The tree that is worked on and the places beside it.
pub(crate) struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the user put it.
    pub(crate) target: PathBuf,
    /// Tools that were compiled once, for all clones: `$XDG_CACHE_HOME/seinpost`, or `~/.cache/seinpost`.
    pub(crate) cache: PathBuf,
    /// The version of the workspace.
    pub(crate) version: String,
}

impl Workspace {
    /// The folder that this xtask was compiled in.
    pub(crate) fn source_root() -> PathBuf {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.parent().unwrap_or(here).to_owned()
    }

    /// Asks Cargo where it builds.
    pub(crate) fn find() -> Result<Self> {
        let root = Self::source_root();
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
            .arg(root.join("Cargo.toml"))
            .output()
            .context("Cargo could not be started. Install Rust from https://rustup.rs and try again")?;
        if !output.status.success() {
            bail!("Cargo cannot read the workspace:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
        }
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target folder")?.into();
        let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
        let version = packages
            .iter()
            .find(|package| package["name"] == "seinpost")
            .and_then(|package| package["version"].as_str())
            .context("the workspace has no package named seinpost")?
            .to_owned();
        Ok(Self { root, target, cache: cache_folder()?, version })
    }

    /// The release binary, at the place that the documents name.
    pub(crate) fn binary(&self) -> PathBuf {
        self.root.join("target/release/seinpost")
    }

    /// The folder of the packed npm package, at the place that the documents name.
    pub(crate) fn npm(&self) -> PathBuf {
        self.root.join("target/npm")
    }

    /// The packed npm package.
    pub(crate) fn tarball(&self) -> PathBuf {
        self.npm().join(format!("seinpost-verify-{}.tgz", self.version))
    }
}

/// The Cargo that started this program, else the one on `PATH`.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The first program of that name on `PATH`.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

/// `PATH` with some folders before it.
pub(crate) fn path_with<'a>(first: impl IntoIterator<Item = &'a Path>) -> Result<OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let folders = first.into_iter().map(Path::to_owned).chain(std::env::split_paths(&old));
    std::env::join_paths(folders).context("a folder on PATH has a colon in its name")
}

fn cache_folder() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(
            std::env::var_os("HOME").context("HOME is not set, so there is no place for the tools' cache. Set it")?,
        )
        .join(".cache"),
    };
    Ok(base.join("seinpost"))
}
