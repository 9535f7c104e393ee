//! Settings: flags over environment variables over a TOML file over defaults.

mod file;
mod log;
mod settings;

use std::{collections::BTreeMap, fmt, path::PathBuf};

pub use settings::{SETTINGS, Setting, Settings};

/// How environment variables begin.
const PREFIX: &str = "SEINPOST_";

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A flag of the command line.
    Flag,
    /// An environment variable.
    Environment,
    /// The configuration file.
    File(PathBuf),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment => f.write_str("environment"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A setting that cannot be used, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidConfig(pub String);

impl fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidConfig {}

/// What is in force, as text, with where it came from.
#[derive(Clone, Debug)]
pub struct Layers {
    values: BTreeMap<&'static str, (String, Source)>,
}

impl Layers {
    /// Puts the layers over each other. `flags` gives a flag's value, `environment` that of a variable.
    ///
    /// # Errors
    /// When the file cannot be read or holds something that is no setting.
    pub fn read(
        flags: impl Fn(&str) -> Option<String>,
        environment: impl Fn(&str) -> Option<String>,
        path: Option<PathBuf>,
    ) -> Result<Self, InvalidConfig> {
        let path = path.or_else(|| environment(&format!("{PREFIX}CONFIG")).map(PathBuf::from));
        let file = match &path {
            Some(path) => file::read(path)?,
            None => BTreeMap::new(),
        };
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            let from_file = || file.get(setting.key).cloned().zip(path.clone());
            let found = flags(setting.key)
                .map(|value| (value, Source::Flag))
                .or_else(|| environment(&setting.variable()).map(|value| (value, Source::Environment)))
                .or_else(|| from_file().map(|(value, path)| (value, Source::File(path))))
                .unwrap_or_else(|| (setting.default.to_owned(), Source::Default));
            values.insert(setting.key, found);
        }
        Ok(Self { values })
    }

    /// Every setting with its value (a secret's is hidden) and where that came from, in the order of the documentation.
    pub fn shown(&self) -> impl Iterator<Item = (&'static str, String, &Source)> {
        SETTINGS.iter().filter_map(|setting| {
            let (value, source) = self.values.get(setting.key)?;
            let shown = if setting.secret && !value.is_empty() { "***".to_owned() } else { value.clone() };
            Some((setting.key, shown, source))
        })
    }

    /// The value of `key`, read by `read`.
    fn get<T, E: fmt::Display>(&self, key: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, InvalidConfig> {
        let (value, source) =
            self.values.get(key).map_or(("", &Source::Default), |(value, source)| (value.as_str(), source));
        read(value).map_err(|error| {
            let secret = SETTINGS.iter().any(|setting| setting.key == key && setting.secret);
            let shown = if secret { "***" } else { value };
            InvalidConfig(format!("{key} = {shown:?} (from {source}) cannot be used: {error}"))
        })
    }
}
