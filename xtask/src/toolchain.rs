//! A Rust that can build for wasm32.
//!
//! rustup's own toolchain where its wasm32 library is installed or can be fetched; elsewhere Debian's `rustc-web`,
//! whose library for wasm32 is built once from Debian's copy of its source and kept in the cache. Nothing outside the
//! cache is changed, and no toolchain is linked into rustup.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::debian;
use crate::step::Step;
use crate::ui;
use crate::versions;
use crate::workspace::{Workspace, cargo, on_path, path_with};

/// The target of the dashboard and of the npm package.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// What a program needs in its environment to build for wasm32.
pub(crate) struct WasmRust {
    cargo: OsString,
    set: Vec<(&'static str, OsString)>,
    /// Folders that come first on `PATH`.
    pub(crate) path: Vec<PathBuf>,
}

impl WasmRust {
    /// A call of the right Cargo.
    pub(crate) fn cargo(&self) -> Result<Command> {
        let mut command = Command::new(&self.cargo);
        self.apply(&mut command, &[])?;
        Ok(command)
    }

    /// Prepares a program that calls `cargo` itself, with more folders before its `PATH`.
    pub(crate) fn apply(&self, command: &mut Command, tools: &[PathBuf]) -> Result<()> {
        for (name, value) in &self.set {
            command.env(name, value);
        }
        command.env("PATH", path_with(tools.iter().chain(&self.path).map(PathBuf::as_path))?);
        if !self.set.is_empty() {
            // `cargo xtask` runs this program with the other toolchain's libraries in front.
            command.env_remove("LD_LIBRARY_PATH").env_remove("RUSTUP_TOOLCHAIN");
        }
        // It would take the place of what .cargo/config.toml says for the target.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        Ok(())
    }

    /// Whether this is Debian's Rust.
    pub(crate) fn is_debians(&self) -> bool {
        !self.set.is_empty()
    }
}

/// Finds a Rust for wasm32, or installs what is missing.
pub(crate) fn for_wasm(workspace: &Workspace) -> Result<WasmRust> {
    let own = WasmRust { cargo: cargo(), set: Vec::new(), path: Vec::new() };
    if has_library(&rustc()) {
        return Ok(own);
    }
    if let Some(debian) = debians_if_ready(workspace)? {
        return Ok(debian);
    }
    if on_path("rustup").is_some() {
        let added = Step::new("Fetch Rust's library for wasm32")
            .attempt(Command::new("rustup").args(["target", "add", WASM]))?;
        if added.success && has_library(&rustc()) {
            return Ok(own);
        }
        ui::note("Rust's library for wasm32 cannot be fetched here; taking Debian's Rust for the wasm parts.");
    }
    debian::install(&versions::DEBIAN_RUST, "A Rust that can build for wasm32 is needed")?;
    build_library(workspace)?;
    debians_if_ready(workspace)?.context("the wasm32 library was built, but is not there")
}

fn rustc() -> OsString {
    // Beside the Cargo that runs this, so that both are of one toolchain.
    let beside = Path::new(&cargo()).with_file_name("rustc");
    if beside.is_absolute() && beside.exists() { beside.into() } else { "rustc".into() }
}

fn has_library(rustc: &OsString) -> bool {
    let folder = Command::new(rustc).args(["--print", "target-libdir", "--target", WASM]).output();
    folder.is_ok_and(|output| {
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        output.status.success() && holds_std(&folder)
    })
}

fn holds_std(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            name.to_string_lossy().starts_with("libstd-") && name.to_string_lossy().ends_with(".rlib")
        })
    })
}

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// A folder of the cache that stands for one version of Debian's rustc.
struct DebianRust {
    home: PathBuf,
}

impl DebianRust {
    fn find(workspace: &Workspace) -> Option<Self> {
        if !Path::new(versions::DEBIAN_WASM_LD).exists() || !Path::new(DEBIAN_CARGO).exists() {
            return None;
        }
        let output = Command::new(DEBIAN_RUSTC).arg("-vV").env_remove("LD_LIBRARY_PATH").output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let version = text.lines().find_map(|line| line.strip_prefix("release: "))?;
        Some(Self { home: workspace.cache.join(format!("debian-rust-{version}")) })
    }

    /// Cargo and rustc under the names by which other programs look for them.
    fn bin(&self) -> PathBuf {
        self.home.join("bin")
    }

    /// What rustc takes for its installation when it builds for wasm32.
    fn sysroot(&self) -> PathBuf {
        self.home.join("sysroot")
    }

    fn library(&self) -> PathBuf {
        self.sysroot().join("lib/rustlib").join(WASM).join("lib")
    }

    fn rust(&self) -> Result<WasmRust> {
        let sysroot = self.sysroot();
        let sysroot = sysroot.to_str().context("the path of the cache is no UTF-8")?;
        if sysroot.contains(char::is_whitespace) {
            bail!("Cargo cannot pass on {sysroot}, for it has a space. Set XDG_CACHE_HOME to a folder without one.");
        }
        Ok(WasmRust {
            cargo: DEBIAN_CARGO.into(),
            set: vec![
                ("CARGO", DEBIAN_CARGO.into()),
                ("RUSTC", DEBIAN_RUSTC.into()),
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", versions::DEBIAN_WASM_LD.into()),
                // Cargo adds this to what .cargo/config.toml says for the target.
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("--sysroot={sysroot}").into()),
            ],
            path: vec![self.bin()],
        })
    }
}

fn debians_if_ready(workspace: &Workspace) -> Result<Option<WasmRust>> {
    match DebianRust::find(workspace) {
        Some(debian) if holds_std(&debian.library()) => debian.rust().map(Some),
        _ => Ok(None),
    }
}

/// Builds std for wasm32 from Debian's copy of its source, from an empty crate, and keeps its libraries.
fn build_library(workspace: &Workspace) -> Result<()> {
    let debian = DebianRust::find(workspace).context("Debian's Rust was installed, but does not start")?;
    let crate_folder = debian.home.join("empty");
    std::fs::create_dir_all(crate_folder.join("src"))?;
    std::fs::write(
        crate_folder.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
    )?;
    std::fs::write(crate_folder.join("src/lib.rs"), "#![no_std]\n")?;
    let target = debian.home.join("target");
    Step::new("Build Rust's library for wasm32, once (about a minute)").run(
        Command::new(DEBIAN_CARGO)
            .current_dir(&crate_folder)
            // `test` is what wasm-bindgen-test's programs are linked with.
            .args(["build", "--release", "-Zbuild-std=std,panic_abort,test", "--target", WASM, "--target-dir"])
            .arg(&target)
            .env("RUSTC", DEBIAN_RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            // Without the bitcode, a later build with link-time optimisation cannot use the library.
            .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes")
            .env_remove("LD_LIBRARY_PATH")
            .env_remove("RUSTUP_TOOLCHAIN"),
    )?;
    let built = target.join(WASM).join("release/deps");
    // First beside its place, then moved there whole: an interrupted copy must not pass for a library.
    let partial = debian.home.join("partial");
    std::fs::create_dir_all(&partial)?;
    for entry in std::fs::read_dir(&built)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.ends_with(".rlib") && !name.starts_with("libempty") {
            std::fs::copy(&path, partial.join(name))?;
        }
    }
    if !holds_std(&partial) {
        bail!("Rust's library for wasm32 was built, but no libstd is in {}", built.display());
    }
    let library = debian.library();
    if let Some(parent) = library.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::create_dir_all(debian.bin())?;
    for program in [DEBIAN_CARGO, DEBIAN_RUSTC] {
        let name = Path::new(program).file_name().unwrap_or_default();
        let link = debian.bin().join(name);
        if !link.exists() {
            std::os::unix::fs::symlink(program, link)?;
        }
    }
    if library.exists() {
        std::fs::remove_dir_all(&library)?;
    }
    std::fs::rename(&partial, &library)?;
    std::fs::remove_dir_all(&target)?;
    std::fs::remove_dir_all(&crate_folder)?;
    Ok(())
}
