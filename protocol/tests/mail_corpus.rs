//! The floors that the diagnosis of real mails holds, measured with a corpus and its own scorer.
//!
//! The corpus is not part of this repository. It is a folder `mail-corpus` in a folder beside the repository, or the one
//! that `SEINPOST_MAIL_CORPUS` names; where there is none, the test says so and is skipped.
#![cfg(feature = "charsets")]
#![allow(clippy::print_stderr, reason = "what is skipped must be said")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use seinpost_protocol::mail::{Language, diagnose};

/// Measure, and the least share of it that must be right.
const FLOORS: [(&str, f64); 6] = [
    ("recipients", 0.98),
    ("kind", 0.97),
    ("status", 0.97),
    ("reason", 0.92),
    ("reason's group", 0.97),
    ("not taken for a bounce", 1.0),
];

fn corpus() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("SEINPOST_MAIL_CORPUS") {
        return Some(folder.into());
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = fs::read_dir(beside).ok()?.flatten().map(|entry| entry.path().join("mail-corpus"));
    folders.into_iter().find(|folder| folder.join("score.mjs").is_file())
}

#[test]
fn the_floors_hold_on_real_mails() {
    let Some(folder) = corpus() else {
        eprintln!("skipped: no folder mail-corpus beside the repository, and SEINPOST_MAIL_CORPUS is not set");
        return;
    };
    let manifest = fs::read_to_string(folder.join("manifest.jsonl")).expect("the corpus has a manifest");
    let mut results = String::new();
    for line in manifest.lines() {
        let Some(file) = line.split("\"file\": \"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
        let mail = fs::read(folder.join(file)).expect("the manifest's mails are there");
        let diagnosis = diagnose(&mail).to_json(Language::English);
        results.push_str(&format!("{{\"file\":\"{file}\",{}\n", &diagnosis[1..]));
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagnoses.jsonl");
    fs::write(&path, results).expect("the results can be written");
    let Ok(scored) = Command::new("node").arg(folder.join("score.mjs")).arg(&path).output() else {
        eprintln!("skipped: the corpus' scorer needs node");
        return;
    };
    let scored = String::from_utf8_lossy(&scored.stdout).into_owned();
    for (measure, floor) in FLOORS {
        let line = scored.lines().find(|line| line.starts_with(&format!("{measure}: ")));
        let share = line.and_then(|line| line.split(": ").nth(1)?.split(' ').next()?.parse::<f64>().ok());
        let share = share.unwrap_or_else(|| panic!("{measure} is not in the score:\n{scored}"));
        assert!(share >= floor, "{measure}: {share} is below {floor}\n{scored}");
    }
    eprintln!("{scored}");
}
