//! Settings: flags over environment variables over a TOML file over defaults.

mod file;
mod log;
mod places;
mod settings;

use std::{collections::BTreeMap, ffi::OsString, fmt, path::PathBuf};

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
    /// When the file cannot be read or holds something that is no setting, or a variable is not UTF-8.
    pub fn read(
        flags: impl Fn(&str) -> Option<String>,
        environment: impl Fn(&str) -> Option<OsString>,
        path: Option<PathBuf>,
    ) -> Result<Self, InvalidConfig> {
        let path = path.or_else(|| environment(&format!("{PREFIX}CONFIG")).map(PathBuf::from));
        let of_environment = |name: String| match environment(&name).map(OsString::into_string).transpose() {
            Ok(value) => Ok(value),
            // Nor is it shown here: it may be a secret.
            Err(_) => Err(InvalidConfig(format!(
                "the environment variable {name} cannot be used: it is not UTF-8. Write it so, or take it away"
            ))),
        };
        let file = match &path {
            Some(path) => file::read(path)?,
            None => BTreeMap::new(),
        };
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            let from_file = || file.get(setting.key).cloned().zip(path.clone());
            let from_environment = of_environment(setting.variable())?;
            let found = flags(setting.key)
                .map(|value| (value, Source::Flag))
                .or_else(|| from_environment.map(|value| (value, Source::Environment)))
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
            Some((setting.key, setting.shown(value).to_owned(), source))
        })
    }

    /// The value of `key`, read by `read`.
    fn get<T, E: fmt::Display>(&self, key: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, InvalidConfig> {
        let (value, source) =
            self.values.get(key).map_or(("", &Source::Default), |(value, source)| (value.as_str(), source));
        read(value).map_err(|error| {
            let shown =
                SETTINGS.iter().find(|setting| setting.key == key).map_or("***", |setting| setting.shown(value));
            InvalidConfig(format!("{key} = {shown:?} (from {source}) cannot be used: {error}"))
        })
    }
}
