//! Diagnoses every mail that a manifest names and writes a line of JSON for each: what `cargo xtask bench diagnose`
//! hands to the corpus' own scorer.
//!
//! Usage: `diagnose_corpus FOLDER [MANIFEST]`, with `FOLDER/manifest.jsonl` as the manifest unless another is named.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that writes to its standard output")]

use std::path::PathBuf;
use std::process::ExitCode;

use seinpost_protocol::mail::{Language, diagnose};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("usage: diagnose_corpus FOLDER [MANIFEST]");
        return ExitCode::FAILURE;
    };
    let manifest = arguments.next().map_or_else(|| folder.join("manifest.jsonl"), PathBuf::from);
    let lines = match std::fs::read_to_string(&manifest) {
        Ok(lines) => lines,
        Err(error) => {
            eprintln!("{}: {error}", manifest.display());
            return ExitCode::FAILURE;
        }
    };
    for line in lines.lines() {
        // The manifest's lines begin with the file's name, which needs no escapes.
        let Some(file) = line.split("\"file\": \"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
        match std::fs::read(folder.join(file)) {
            Ok(mail) => {
                let diagnosis = diagnose(&mail).to_json(Language::English);
                println!("{{\"file\":\"{file}\",{}", &diagnosis[1..]);
            }
            Err(error) => eprintln!("{file}: {error}"),
        }
    }
    ExitCode::SUCCESS
}
