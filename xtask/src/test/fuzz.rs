//! Fuzzing: each target for a while, from the corpus of the last time.

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::args::TestOptions;
use crate::step;
use crate::tools;
use crate::ui;
use crate::workspace::{Workspace, cargo, path_with};

use super::counts::Counts;

/// How long each target is fuzzed, in seconds.
const SECONDS: u32 = 20;
/// Says that it should be longer, or shorter.
const SECONDS_VARIABLE: &str = "SEINPOST_FUZZ_SECONDS";
/// An input that takes longer is a finding, in seconds: much longer than any, for the machine may have others to serve.
const PATIENCE: u32 = 60;

/// Fuzzes each target whose name holds one of the filters.
pub(crate) fn run(workspace: &Workspace, options: &TestOptions) -> Result<Counts> {
    let folder = tools::ensure(workspace, &tools::CARGO_FUZZ)?;
    let home = workspace.root.join("protocol/fuzz");
    let seconds = match std::env::var(SECONDS_VARIABLE) {
        Ok(text) => text.parse::<u32>().with_context(|| format!("{SECONDS_VARIABLE} is no number: {text}"))?,
        Err(_) => SECONDS,
    };
    let mut counts = Counts::default();
    for target in targets(workspace)? {
        if !options.filters.is_empty() && !options.filters.iter().any(|filter| target.contains(filter.as_str())) {
            continue;
        }
        ui::line(format!("   {target}, for {seconds} s"));
        let mut fuzz = Command::new(folder.join("cargo-fuzz"));
        // What is found goes into the first folder; the seeds are kept as they are.
        let (corpus, seeds) = (home.join("corpus").join(&target), home.join("seeds").join(&target));
        std::fs::create_dir_all(&corpus).with_context(|| format!("{} cannot be made", corpus.display()))?;
        fuzz.args(["run", "--fuzz-dir"]).arg(&home).arg(&target).arg(&corpus);
        if seeds.exists() {
            fuzz.arg(&seeds);
        }
        fuzz.args(["--", "-print_final_stats=1"])
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-timeout={PATIENCE}"))
            .current_dir(workspace.root.join("protocol"))
            .env("CARGO", cargo())
            .env("PATH", path_with([folder.as_path()])?)
            // The sanitizers are nightly's; this lets the pinned stable have them.
            .env("RUSTC_BOOTSTRAP", "1");
        if step::stream(&mut fuzz)?.success {
            counts.passed += 1;
        } else {
            counts.failed += 1;
        }
    }
    Ok(counts)
}

fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.root.join("protocol/fuzz/fuzz_targets");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}
