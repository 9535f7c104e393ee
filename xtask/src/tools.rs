//! Programs that the build calls: found where they are installed in the right version, else put into the cache once.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::stamp;
use crate::step::Step;
use crate::ui;
use crate::versions;
use crate::workspace::{Workspace, cargo, on_path, path_with};

/// A program that comes as a crate.
pub(crate) struct CrateTool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    /// Whether the crate's own Cargo.lock can be had from the registry.
    locked: bool,
    /// How long it takes on two cores.
    patience: &'static str,
}

/// Builds the dashboard.
pub(crate) const TRUNK: CrateTool = CrateTool {
    package: "trunk",
    program: "trunk",
    version: versions::TRUNK,
    locked: true,
    patience: "about 4 minutes",
};

/// Joins wasm and JavaScript; `wasm-bindgen-test-runner` comes with it.
pub(crate) const WASM_BINDGEN: CrateTool = CrateTool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: versions::WASM_BINDGEN,
    locked: false,
    patience: "about 2 minutes",
};

/// Checks licences and the like.
pub(crate) const CARGO_DENY: CrateTool = CrateTool {
    package: "cargo-deny",
    program: "cargo-deny",
    version: versions::CARGO_DENY,
    locked: true,
    patience: "about 2 minutes",
};

/// Fuzzes.
pub(crate) const CARGO_FUZZ: CrateTool = CrateTool {
    package: "cargo-fuzz",
    program: "cargo-fuzz",
    version: versions::CARGO_FUZZ,
    locked: true,
    patience: "about a minute",
};

/// The folder of a tool of the right version.
pub(crate) fn ensure(workspace: &Workspace, tool: &CrateTool) -> Result<PathBuf> {
    if let Some(folder) = on_path(tool.program).filter(|found| is_version(found, tool)).and_then(folder_of) {
        return Ok(folder);
    }
    let home = workspace.cache.join(format!("{}-{}", tool.package, tool.version));
    let bin = home.join("bin");
    if is_version(&bin.join(tool.program), tool) {
        return Ok(bin);
    }
    if !prebuilt(tool, &home)? {
        compile(workspace, tool, &home)?;
    }
    if !is_version(&bin.join(tool.program), tool) {
        bail!("{} was installed, but is not of version {}", tool.package, tool.version);
    }
    Ok(bin)
}

fn folder_of(file: PathBuf) -> Option<PathBuf> {
    file.parent().map(Path::to_owned)
}

fn is_version(program: &Path, tool: &CrateTool) -> bool {
    let output = Command::new(program).arg("--version").output();
    output
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == tool.version))
}

/// Lets cargo-binstall fetch it, where that is installed.
fn prebuilt(tool: &CrateTool, home: &Path) -> Result<bool> {
    if on_path("cargo-binstall").is_none() {
        return Ok(false);
    }
    let CrateTool { package, version, .. } = tool;
    let fetched = Step::new(format!("Fetch {package} {version}")).attempt(
        Command::new("cargo-binstall")
            .args(["--no-confirm", "--disable-strategies", "compile", "--root"])
            .arg(home)
            .arg(format!("{package}@{version}")),
    )?;
    if !fetched.success {
        ui::note(format!("cargo-binstall could not fetch {package}; compiling it instead."));
    }
    Ok(fetched.success)
}

/// Compiles it with a light profile: it runs a few seconds a day, and a person waits for it.
fn compile(workspace: &Workspace, tool: &CrateTool, home: &Path) -> Result<()> {
    let CrateTool { package, version, patience, .. } = tool;
    let target = workspace.cache.join(format!("{package}-target"));
    let mut command = Command::new(cargo());
    command
        .args(["install", "--force", "--root"])
        .arg(home)
        .arg(format!("{package}@{version}"))
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_PROFILE_RELEASE_STRIP", "true")
        .env_remove("RUSTFLAGS");
    if tool.locked {
        command.arg("--locked");
    }
    Step::new(format!("Compile {package} {version}, once ({patience} on two cores)")).run(&mut command)?;
    std::fs::remove_dir_all(&target).or_else(missing_is_fine)?;
    Ok(())
}

fn missing_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// Sees to it that Node and npm are there.
pub(crate) fn check_node() -> Result<()> {
    let wanted = versions::NODE_MAJOR;
    let install =
        format!("Install Node {wanted} or newer with npm (Debian: apt-get install nodejs npm) and try again.");
    let output = Command::new("node").arg("--version").output();
    let Ok(output) = output else { bail!("Node is not installed. {install}") };
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = text.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u64>().ok());
    if major.is_none_or(|major| major < wanted) {
        bail!("Node here is {text}, which is too old. {install}");
    }
    if on_path("npm").is_none() {
        bail!("npm is not installed. {install}");
    }
    Ok(())
}

/// The folder of the npm programs that the build calls, such as `wasm-opt`.
pub(crate) fn npm_programs(workspace: &Workspace) -> Result<PathBuf> {
    let source = workspace.root.join("xtask/npm");
    let lock = source.join("package-lock.json");
    let home = workspace.cache.join(format!("npm-{}", stamp::of_files([lock.as_path()])?));
    let bin = home.join("node_modules/.bin");
    if bin.join("wasm-opt").exists() && home.join(DONE).exists() {
        return Ok(bin);
    }
    std::fs::create_dir_all(&home)?;
    for name in ["package.json", "package-lock.json"] {
        std::fs::copy(source.join(name), home.join(name))?;
    }
    install_npm(&home, Extent::Work, "Install wasm-opt")?;
    std::fs::write(home.join(DONE), "")?;
    Ok(bin)
}

const DONE: &str = "node_modules/.seinpost-installed";

/// Which of a folder's npm packages to install.
#[derive(Clone, Copy)]
pub(crate) enum Extent {
    /// What the work itself needs.
    Work,
    /// What its tests need as well.
    Tests,
}

/// Installs what a folder's `package-lock.json` names, unless that was done already.
pub(crate) fn npm_packages(folder: &Path, extent: Extent, title: &str) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let stamp = stamp::of_files([lock.as_path()])?;
    let done = folder.join(DONE);
    let (work, tests) = (format!("{stamp} work"), format!("{stamp} tests"));
    let installed = std::fs::read_to_string(&done).unwrap_or_default();
    if installed == tests || (matches!(extent, Extent::Work) && installed == work) {
        return Ok(());
    }
    install_npm(folder, extent, title)?;
    let stamp = if matches!(extent, Extent::Work) { work } else { tests };
    // A lock file that names no package leaves no folder.
    if let Some(modules) = done.parent() {
        std::fs::create_dir_all(modules)?;
    }
    std::fs::write(&done, stamp).with_context(|| format!("{} cannot be written", done.display()))
}

fn install_npm(folder: &Path, extent: Extent, title: &str) -> Result<()> {
    let mut npm = npm();
    npm.arg("ci").current_dir(folder);
    if matches!(extent, Extent::Work) {
        npm.arg("--omit=dev");
    }
    Step::new(title).run(&mut npm).map(|_| ())
}

/// npm, without its advertisements.
pub(crate) fn npm() -> Command {
    let mut npm = Command::new("npm");
    npm.env("npm_config_fund", "false").env("npm_config_audit", "false").env("npm_config_update_notifier", "false");
    npm
}

/// Puts folders of tools before the `PATH` of a program.
pub(crate) fn with_tools(command: &mut Command, tools: &[PathBuf]) -> Result<()> {
    command.env("PATH", path_with(tools.iter().map(PathBuf::as_path))?);
    Ok(())
}
