//! `seinpost config`

use super::{Failed, say};
use crate::config::{Layers, Settings};

/// Prints every setting, its value and where that came from; then complains about what cannot be used.
pub(super) fn run(layers: &Layers) -> Result<(), Failed> {
    for (key, value, source) in layers.shown() {
        say(format_args!("{key} = {value:?}  # {source}"))?;
    }
    Settings::read(layers)?;
    Ok(())
}
