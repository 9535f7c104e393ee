//! Building: the npm package, the dashboard, the server with the dashboard inside. In this order, for each is a part
//! of the next.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::stamp::Stamp;
use crate::step::{self, Step};
use crate::toolchain::{self, WASM, WasmRust};
use crate::tools::{self, Extent};
use crate::versions;
use crate::workspace::{Workspace, cargo};

/// The Cargo profile of what is sent to browsers and to npm.
const WASM_PROFILE: &str = "wasm";
/// What stands beside the npm package's parts and is none of them.
const NOT_PACKED: [&str; 9] = ["tests", "bench", "src", "ed25519", "node", "pure", "mail", "standard", "node_modules"];
/// The modules of the dashboard beside the first one.
const DASHBOARD_PARTS: [&str; 3] = ["part-account", "part-inspector", "part-webhook"];
/// A first build writes about this much.
const DISK_NEEDED: u64 = 3 << 30;

/// What the wasm parts are built with.
pub(crate) struct WasmTools {
    /// The compiler.
    pub(crate) rust: WasmRust,
    /// Folders of programs: wasm-bindgen, Trunk, wasm-opt.
    pub(crate) programs: Vec<PathBuf>,
}

/// Finds or installs what the wasm parts are built with.
pub(crate) fn wasm_tools(workspace: &Workspace) -> Result<WasmTools> {
    tools::check_node()?;
    let rust = toolchain::for_wasm(workspace)?;
    let programs = vec![
        tools::ensure(workspace, &tools::WASM_BINDGEN)?,
        tools::ensure(workspace, &tools::TRUNK)?,
        tools::npm_programs(workspace)?,
    ];
    Ok(WasmTools { rust, programs })
}

/// Builds everything, in release.
pub(crate) fn all(workspace: &Workspace) -> Result<()> {
    check_disk(workspace)?;
    let wasm = wasm_tools(workspace)?;
    npm_package(workspace, &wasm)?;
    dashboard(workspace, &wasm)?;
    server(workspace)
}

/// Says so before the work if there will be no room for it.
fn check_disk(workspace: &Workspace) -> Result<()> {
    if workspace.binary().exists() {
        return Ok(());
    }
    let Ok(facts) = nix::sys::statvfs::statvfs(&workspace.root) else { return Ok(()) };
    #[expect(clippy::useless_conversion, reason = "these integers are narrower on some systems")]
    let free = u64::from(facts.blocks_available()).saturating_mul(u64::from(facts.fragment_size()));
    if free < DISK_NEEDED {
        bail!(
            "There are {} MB free on the disk of {}, and a first build needs about {} MB. Free some and try again.",
            free >> 20,
            workspace.root.display(),
            DISK_NEEDED >> 20
        );
    }
    Ok(())
}

/// Builds and packs `seinpost-verify`: the tarball, and beside it the folder `package` with what is in it.
pub(crate) fn npm_package(workspace: &Workspace, wasm: &WasmTools) -> Result<()> {
    let module = wasm_crate(workspace, wasm, "seinpost-verify", "seinpost_verify")?;
    let node = wasm_crate(workspace, wasm, "seinpost-verify-node", "seinpost_verify_node")?;
    let standard = wasm_crate(workspace, wasm, "seinpost-verify-standard", "seinpost_verify_standard")?;
    let ed25519 = wasm_crate(workspace, wasm, "seinpost-verify-ed25519", "seinpost_verify_ed25519")?;
    let explain = wasm_crate(workspace, wasm, "seinpost-verify-explain", "seinpost_verify_explain")?;
    let pure = wasm_crate(workspace, wasm, "seinpost-verify-pure", "seinpost_verify_pure")?;
    let mail = wasm_crate(workspace, wasm, "seinpost-verify-mail", "seinpost_verify_mail")?;
    let source = workspace.root.join("wasm-verify");
    tools::npm_packages(&source, Extent::Work, "Install what packs the npm package")?;
    let mut places = vec![module.clone(), node, standard, ed25519, explain, pure, mail];
    for entry in std::fs::read_dir(&source)? {
        let entry = entry?;
        if !NOT_PACKED.iter().any(|name| entry.file_name() == *name) {
            places.push(entry.path());
        }
    }
    let version = format!("{} {}", workspace.version, versions::WASM_BINDGEN);
    let stamp = Stamp::new(&workspace.target, "npm", &version, places.iter().map(PathBuf::as_path))?;
    if stamp.is_fresh() && workspace.tarball().exists() {
        return Ok(());
    }
    let folder = module.parent().context("the module has no folder")?;
    let mut pack = Command::new("node");
    pack.arg(source.join("pack.mjs")).arg("--wasm-dir").arg(folder).arg("--out").arg(workspace.npm());
    tools::with_tools(&mut pack, &wasm.programs)?;
    Step::new("Pack the npm package").run(&mut pack)?;
    if !workspace.tarball().exists() {
        bail!("The npm package was packed, but {} is not there", workspace.tarball().display());
    }
    stamp.set()
}

/// Builds the dashboard into `dist`.
pub(crate) fn dashboard(workspace: &Workspace, wasm: &WasmTools) -> Result<()> {
    let root = &workspace.root;
    let module = wasm_crate(workspace, wasm, "seinpost-frontend", "seinpost-frontend")?;
    // The same call compiled the other parts.
    let parts = DASHBOARD_PARTS.map(|part| module.with_file_name(format!("{part}.wasm")));
    let (page, settings) = (root.join("index.html"), root.join("Trunk.toml"));
    let (sources, package) = (root.join("frontend"), workspace.npm().join("package"));
    let own = [module.as_path(), &page, &settings, &sources, &package];
    let places = own.into_iter().chain(parts.iter().map(PathBuf::as_path));
    let version = format!("{} {}", versions::TRUNK, versions::WASM_BINDGEN);
    let stamp = Stamp::new(&workspace.target, "dashboard", &version, places)?;
    let dist = root.join("dist");
    if stamp.is_fresh() && dist.join("index.html").exists() {
        return Ok(());
    }
    let mut trunk = Command::new("trunk");
    trunk
        .args(["build", "--release", "--offline", "--skip-version-check", "--cargo-profile", WASM_PROFILE])
        .arg("--dist")
        .arg(&dist)
        .current_dir(root)
        // Trunk takes NO_COLOR=1 for a flag and refuses it.
        .env_remove("NO_COLOR");
    wasm.rust.apply(&mut trunk, &wasm.programs)?;
    Step::new("Bundle the dashboard").show_all().run(&mut trunk)?;
    if !dist.join("verify/browser.js").exists() {
        bail!("The dashboard was bundled without the npm package: dist/verify/browser.js is not there");
    }
    let mut compress = Command::new("node");
    compress.arg(sources.join("scripts/compress.mjs")).arg(&dist);
    Step::new("Compress the dashboard").run(&mut compress)?;
    let mut alone = Command::new("node");
    alone.arg(sources.join("scripts/alone.mjs")).arg(&dist).arg(root.join("target/inspector"));
    Step::new("Make the inspector a page of its own").run(&mut alone)?;
    stamp.set()
}

/// Has Trunk serve the dashboard, built anew at every change, until it is stopped.
pub(crate) fn serve_dashboard(workspace: &Workspace) -> Result<ExitCode> {
    let wasm = wasm_tools(workspace)?;
    // The inspector loads it.
    npm_package(workspace, &wasm)?;
    let mut trunk = Command::new("trunk");
    trunk
        .args(["serve", "--offline", "--skip-version-check"])
        .current_dir(&workspace.root)
        // Trunk takes NO_COLOR=1 for a flag and refuses it.
        .env_remove("NO_COLOR");
    wasm.rust.apply(&mut trunk, &wasm.programs)?;
    let written = step::stream(&mut trunk)?;
    Ok(if written.success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compiles one of the wasm crates and returns the module.
fn wasm_crate(workspace: &Workspace, wasm: &WasmTools, package: &str, file: &str) -> Result<PathBuf> {
    let mut cargo = wasm.rust.cargo()?;
    cargo.current_dir(&workspace.root).args(["build", "--target", WASM, "--profile", WASM_PROFILE, "-p", package]);
    if package.starts_with("seinpost-verify") {
        cargo.arg("--lib");
    }
    if package == "seinpost-verify-mail" {
        // It has room in its budget, and is nearly twice as fast.
        cargo.env("CARGO_PROFILE_WASM_OPT_LEVEL", "s");
    }
    if package == "seinpost-verify-ed25519" {
        // Nothing but arithmetic, and loaded by those who gain by it.
        cargo.env("CARGO_PROFILE_WASM_OPT_LEVEL", "3");
    }
    if matches!(package, "seinpost-verify-node" | "seinpost-verify-standard") {
        // The same, as far as there is room: its sentences stand elsewhere. What is inlined and unrolled beyond this costs
        // much room for little time.
        cargo.env("CARGO_PROFILE_WASM_OPT_LEVEL", "2").arg("--config").arg(format!(
            "target.{WASM}.rustflags=['-Cllvm-args=-inline-threshold=68', '-Cllvm-args=-unroll-threshold=30']"
        ));
    }
    Step::new(format!("Compile {package} to WebAssembly")).show_all().run(&mut cargo)?;
    let module = workspace.target.join(WASM).join(WASM_PROFILE).join(format!("{file}.wasm"));
    if !module.exists() {
        bail!("{package} was compiled, but {} is not there", module.display());
    }
    Ok(module)
}

/// Builds the server, with the dashboard inside.
pub(crate) fn server(workspace: &Workspace) -> Result<()> {
    let mut command = Command::new(cargo());
    command.current_dir(&workspace.root).args(["build", "--release", "-p", "seinpost"]);
    Step::new("Compile the server").show_all().run(&mut command)?;
    copy_if_elsewhere(&workspace.target.join("release/seinpost"), &workspace.binary())
}

/// Brings the binary to the place that the documents name, where the user builds elsewhere.
fn copy_if_elsewhere(built: &Path, wanted: &Path) -> Result<()> {
    if built == wanted {
        return Ok(());
    }
    let facts = built.metadata().with_context(|| format!("{} was not built", built.display()))?;
    let same = wanted.metadata().is_ok_and(|other| {
        other.len() == facts.len() && matches!((other.modified(), facts.modified()), (Ok(a), Ok(b)) if a >= b)
    });
    if same {
        return Ok(());
    }
    if let Some(folder) = wanted.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // A running server keeps its old file; writing into it would be refused.
    let partial = wanted.with_extension("new");
    std::fs::copy(built, &partial)?;
    std::fs::rename(&partial, wanted).with_context(|| format!("{} cannot be written", wanted.display()))
}
