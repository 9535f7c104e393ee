//! Every test there is, and one line in the end that sums them up.

mod counts;
mod fuzz;
mod schemathesis;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::args::{Kind, TestOptions};
use crate::browser;
use crate::build::{self, WasmTools};
use crate::check::WASM_CRATES;
use crate::debian;
use crate::interrupt::Interrupted;
use crate::stamp;
use crate::step::{self, Step};
use crate::toolchain::WASM;
use crate::tools::{self, Extent};
use crate::ui;
use crate::versions;
use crate::workspace::{Workspace, cargo, on_path};

use counts::Counts;

/// Runs the tests of a kind.
type Tests = fn(&Workspace, &TestOptions) -> Result<Counts>;

/// Runs the tests that are asked for.
pub(crate) fn run(workspace: &Workspace, options: &TestOptions) -> Result<ExitCode> {
    let since = Instant::now();
    let mut total = Counts::default();
    let kinds: [(Kind, &str, Tests); 7] = [
        (Kind::Rust, "Rust", rust),
        (Kind::Wasm, "WebAssembly", wasm),
        (Kind::Node, "the npm package in Node", node),
        (Kind::Schemathesis, "the API against its description", schemathesis::run),
        (Kind::EndToEnd, "end to end", end_to_end),
        (Kind::Faults, "faults, at full length", faults),
        (Kind::Fuzz, "fuzzing", fuzz::run),
    ];
    for (kind, name, tests) in kinds {
        if !options.wants(kind) {
            continue;
        }
        ui::line(format!("── Tests: {name}"));
        match tests(workspace, options) {
            Ok(counts) => total += counts,
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => {
                // What cannot be built or started has failed, however many tests it would have been.
                ui::line(format!("{error:#}"));
                total.failed += 1;
            }
        }
    }
    ui::note(format!("All of it took {}.", ui::in_words(since.elapsed())));
    let Counts { passed, mut failed } = total;
    if passed + failed == 0 {
        // A name that was mistyped must not look like a test that passed.
        ui::line("No test was found.");
        failed = 1;
    }
    ui::line(format!("{passed} passed, {failed} failed"));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Unit and integration tests, and the examples in the documentation.
fn rust(workspace: &Workspace, options: &TestOptions) -> Result<Counts> {
    let mut total = Counts::default();
    let nextest = on_path("cargo-nextest").is_some();
    let mut build = Command::new(cargo());
    build.current_dir(&workspace.root);
    let mut tests = Command::new(cargo());
    tests.current_dir(&workspace.root);
    let what = ["--workspace", "--all-features"];
    if nextest {
        build.args(["nextest", "run", "--no-run"]).args(what);
        tests.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass", "--status-level=fail"]).args(what);
        tests.args(["--final-status-level=fail", "--hide-progress-bar"]).args(&options.filters);
    } else {
        build.args(["test", "--no-run", "--lib", "--bins", "--tests"]).args(what);
        tests.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]).args(what).args(["--"]);
        tests.args(&options.filters);
    }
    // Tests from outside start the server as Cargo builds it beside them.
    let mut server = Command::new(cargo());
    server.current_dir(&workspace.root).args(["build", "--bin", "seinpost"]).args(what);
    Step::new("Compile the server to test").show_all().run(&mut server)?;
    Step::new("Compile the tests").show_all().run(&mut build)?;
    total += counted(&mut tests, "the Rust tests")?;

    let mut documentation = Command::new(cargo());
    documentation.current_dir(&workspace.root).args(["test", "--doc", "--quiet", "--no-fail-fast"]).args(what);
    for (package, _) in WASM_CRATES {
        documentation.args(["--exclude", package]);
    }
    documentation.arg("--").args(&options.filters);
    total += counted(&mut documentation, "the examples in the documentation")?;
    Ok(total)
}

/// wasm-bindgen-test in Node and in Chromium.
fn wasm(workspace: &Workspace, options: &TestOptions) -> Result<Counts> {
    let tools = build::wasm_tools(workspace)?;
    let browser = browser::find("A browser to test with is needed")?;
    let mut total = Counts::default();
    let nodes = [("WASM_BINDGEN_TEST_ONLY_NODE", OsStr::new("1"))];
    let browsers = [("WASM_BINDGEN_USE_BROWSER", OsStr::new("1")), ("CHROMEDRIVER", browser.driver.as_os_str())];
    // wasm-bindgen's runner takes one filter, and no other argument of libtest's.
    let filters: Vec<_> = match options.filters.as_slice() {
        [] => vec![None],
        filters => filters.iter().map(Some).collect(),
    };
    for (package, folder) in WASM_CRATES {
        if !has_wasm_tests(&workspace.root.join(folder))? {
            continue;
        }
        if package == "seinpost-frontend" {
            what_the_browser_fetches(workspace)?;
        }
        Step::new(format!("Compile the tests of {package} to WebAssembly"))
            .show_all()
            .run(wasm_test(workspace, &tools, package)?.arg("--no-run"))?;
        for (place, environment) in [("Node", nodes.as_slice()), ("Chromium", browsers.as_slice())] {
            ui::line(format!("   {package} in {place}"));
            for filter in &filters {
                let mut tests = wasm_test(workspace, &tools, package)?;
                tests.args(["--no-fail-fast", "--"]).args(*filter);
                tests.envs(environment.iter().copied());
                total += counted(&mut tests, &format!("the tests of {package} in {place}"))?;
            }
        }
    }
    Ok(total)
}

/// Puts the dashboard's styles and axe-core where wasm-bindgen's runner serves them to its tests.
fn what_the_browser_fetches(workspace: &Workspace) -> Result<()> {
    let (tests, frontend) = (workspace.root.join("tests"), workspace.root.join("frontend"));
    tools::npm_packages(&tests, Extent::Tests, "Install what looks at pages as a screen reader would")?;
    Step::new("Join the styles").run(Command::new("node").arg(frontend.join("scripts/styles.mjs")))?;
    // Not a link: the runner serves nothing that lies elsewhere.
    let (from, to) = (tests.join("node_modules/axe-core/axe.min.js"), frontend.join("generated/axe.min.js"));
    std::fs::copy(&from, &to).with_context(|| format!("{} cannot be copied", from.display()))?;
    Ok(())
}

/// Whether it is worth the time to compile them.
fn has_wasm_tests(folder: &Path) -> Result<bool> {
    let files = stamp::files_below([folder])?;
    Ok(files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .any(|file| std::fs::read_to_string(file).is_ok_and(|text| text.contains("#[wasm_bindgen_test]"))))
}

fn wasm_test(workspace: &Workspace, tools: &WasmTools, package: &str) -> Result<Command> {
    let mut tests = tools.rust.cargo()?;
    tools.rust.apply(&mut tests, &tools.programs)?;
    tests
        .current_dir(&workspace.root)
        .args(["test", "--target", WASM, "-p", package])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    Ok(tests)
}

/// Node's test runner on the npm package as it is installed from its tarball.
fn node(workspace: &Workspace, options: &TestOptions) -> Result<Counts> {
    let tools = build::wasm_tools(workspace)?;
    build::npm_package(workspace, &tools)?;
    let installed = installed_package(workspace)?;
    let folder = workspace.root.join("wasm-verify/tests");
    let packing = workspace.root.join("wasm-verify");
    tools::npm_packages(&packing, Extent::Tests, "Install what checks the types of the npm package")?;
    let files = stamp::files_below([folder.as_path()])?;
    for lock in files.iter().filter(|file| file.ends_with("package-lock.json")) {
        let folder = lock.parent().unwrap_or(&folder);
        tools::npm_packages(folder, Extent::Tests, "Install what the tests of the npm package are measured against")?;
    }
    if on_path("redis-server").is_none() {
        debian::install(&[versions::DEBIAN_REDIS], "A Redis to keep nonces in is needed")?;
    }
    // `import "seinpost-verify"` in the tests means the package as a user has it.
    link(&installed.join("node_modules/seinpost-verify"), &folder.join("node_modules/seinpost-verify"))?;
    let mut tests = node_tests(&folder, options)?;
    tests.current_dir(&workspace.root).env("SEINPOST_VERIFY_DIR", &installed);
    tools::with_tools(&mut tests, &tools.programs)?;
    counted(&mut tests, "the tests of the npm package")
}

fn link(to: &Path, from: &Path) -> Result<()> {
    if std::fs::read_link(from).is_ok_and(|there| there == to) {
        return Ok(());
    }
    if let Some(folder) = from.parent() {
        std::fs::create_dir_all(folder)?;
    }
    if from.is_symlink() {
        std::fs::remove_file(from)?;
    }
    std::os::unix::fs::symlink(to, from).with_context(|| format!("{} cannot be made", from.display()))
}

/// What must not be lost when things break, tried for long: the release server, killed, starved, cut and jumped.
fn faults(workspace: &Workspace, options: &TestOptions) -> Result<Counts> {
    let mut build = Command::new(cargo());
    build.current_dir(&workspace.root);
    build.args(["build", "--release", "-p", "seinpost"]);
    Step::new("Compile the server").show_all().run(&mut build)?;
    let mut tests = Command::new(cargo());
    tests
        .current_dir(&workspace.root)
        .env("SEINPOST_FAULTS", "full")
        .env("SEINPOST_BINARY", workspace.target.join("release/seinpost"))
        .args(["test", "-p", "seinpost-faults", "--no-fail-fast", "--lib", "--tests", "--", "--nocapture"])
        .args(&options.filters);
    counted(&mut tests, "the fault suite")
}

/// A real server, a real browser, real receivers.
fn end_to_end(workspace: &Workspace, options: &TestOptions) -> Result<Counts> {
    build::all(workspace)?;
    let browser = browser::find("A browser to test with is needed")?;
    let folder = workspace.root.join("tests");
    tools::npm_packages(&folder, Extent::Tests, "Install what drives the browser")?;
    let peers = workspace.root.join("wasm-verify/tests/interop");
    tools::npm_packages(&peers, Extent::Tests, "Install the verifiers of others")?;
    let artefacts = workspace.root.join("test-artefacts");
    std::fs::create_dir_all(&artefacts)?;
    let mut tests = node_tests(&folder.join("e2e"), options)?;
    tests
        .current_dir(&workspace.root)
        .env("SEINPOST_BINARY", workspace.binary())
        .env("SEINPOST_VERIFY_DIR", installed_package(workspace)?)
        .env("SEINPOST_CHROMIUM", browser.chromium)
        .env("SEINPOST_ARTEFACTS", &artefacts);
    counted(&mut tests, "the end-to-end tests")
}

/// A folder with nothing in it but the package, installed from its tarball as a user would.
pub(crate) fn installed_package(workspace: &Workspace) -> Result<PathBuf> {
    let tarball = workspace.tarball();
    let folder = workspace.npm().with_file_name("npm-installed");
    let stamp = stamp::of_files([tarball.as_path()])?;
    let done = folder.join("installed");
    if std::fs::read_to_string(&done).is_ok_and(|installed| installed == stamp) {
        return Ok(folder);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    Step::new("Install the npm package from its tarball")
        .run(tools::npm().args(["install", "--no-package-lock"]).arg(&tarball).current_dir(&folder))?;
    std::fs::write(&done, stamp)?;
    Ok(folder)
}

/// Node's test runner on the `*.test.*` files below a folder.
fn node_tests(folder: &Path, options: &TestOptions) -> Result<Command> {
    let mut files = stamp::files_below([folder])?;
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        [".test.mjs", ".test.cjs", ".test.js"].iter().any(|ending| name.ends_with(ending))
    });
    if files.is_empty() {
        bail!("There is no test in {}", folder.display());
    }
    let mut node = Command::new("node");
    // One file at a time: two browsers and two servers on two cores make each other's time limits.
    // And no test waits for ever for what does not happen.
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=600000"]);
    for filter in &options.filters {
        node.arg(format!("--test-name-pattern={}", literally(filter)));
    }
    node.args(files);
    Ok(node)
}

/// A regular expression that is found where this text is.
fn literally(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\^$.*+?()[]{}|/-".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// Runs tests whose output is shown and counted.
fn counted(command: &mut Command, what: &str) -> Result<Counts> {
    let written = step::stream(command)?;
    let mut counts = Counts::read(&written.all);
    if !written.success && counts.failed == 0 {
        ui::line(format!("{what} did not end well, though none is said to have failed"));
        counts.failed = 1;
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_found_as_it_is_written() {
        assert_eq!(literally("a(b|c"), r"a\(b\|c");
        assert_eq!(literally("é 1.5/2-3"), r"é 1\.5\/2\-3");
    }
}
