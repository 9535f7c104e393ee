//! The browser that tests and measurements drive, and its driver.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::debian;
use crate::versions;
use crate::workspace::on_path;

/// The programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

/// What Chromium is called by those who package it.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The ones that `SEINPOST_CHROMIUM` and `CHROMEDRIVER` name, or those on `PATH`; else Debian's, which are installed. `why`
/// completes "… is needed".
///
/// # Errors
/// If there is none and none can be installed here: with what a person can do.
pub(crate) fn find(why: &str) -> Result<Browser> {
    let named = |variable: &str| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(browser) = among(named("SEINPOST_CHROMIUM"), named("CHROMEDRIVER"), on_path) {
        return Ok(browser);
    }
    debian::install(&versions::DEBIAN_BROWSER, why)?;
    let debians = |name: &str| Some(Path::new("/usr/bin").join(name));
    Ok(Browser {
        chromium: named("SEINPOST_CHROMIUM").or_else(|| debians("chromium")).unwrap_or_default(),
        driver: named("CHROMEDRIVER").or_else(|| debians("chromedriver")).unwrap_or_default(),
    })
}

fn among(
    chromium: Option<PathBuf>,
    driver: Option<PathBuf>,
    on_path: impl Fn(&str) -> Option<PathBuf>,
) -> Option<Browser> {
    Some(Browser {
        chromium: chromium.or_else(|| CHROMIUM.iter().find_map(|name| on_path(name)))?,
        driver: driver.or_else(|| on_path("chromedriver"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_goes_before_what_is_on_the_path_and_both_programs_are_needed() {
        let there = |name: &str| matches!(name, "google-chrome" | "chromedriver").then(|| Path::new("/opt").join(name));
        let found = among(None, None, there);
        assert_eq!(found, Some(Browser { chromium: "/opt/google-chrome".into(), driver: "/opt/chromedriver".into() }));
        let found = among(Some("/my/chromium".into()), None, there).map(|browser| browser.chromium);
        assert_eq!(found, Some("/my/chromium".into()));
        assert_eq!(among(Some("/my/chromium".into()), None, |_| None), None, "there is no driver");
    }
}
