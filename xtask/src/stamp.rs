//! Whether anything changed since a step was last done: a digest of all that goes into it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The digest of some files: of their names and of what is in them.
pub(crate) fn of_files<'a>(files: impl IntoIterator<Item = &'a Path>) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        file.file_name().hash(&mut hasher);
        bytes.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files below some files and folders, in the order of their names. What is not there is left out, as is what
/// npm, Cargo and the build itself put there.
pub(crate) fn files_below<'a>(places: impl IntoIterator<Item = &'a Path>) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = places.into_iter().map(Path::to_owned).collect();
    while let Some(place) = open.pop() {
        if place.is_dir() {
            let name = place.file_name().unwrap_or_default();
            if ["node_modules", "target", "generated"].iter().any(|made| name == *made) {
                continue;
            }
            let entries = std::fs::read_dir(&place).with_context(|| format!("{} cannot be read", place.display()))?;
            for entry in entries {
                open.push(entry?.path());
            }
        } else if place.exists() {
            found.push(place);
        }
    }
    found.sort();
    Ok(found)
}

/// What was done last, and what it was done with.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// For the step of that name, with the files below those places.
    pub(crate) fn new<'a>(
        target: &Path,
        name: &str,
        version: &str,
        places: impl IntoIterator<Item = &'a Path>,
    ) -> Result<Self> {
        let files = files_below(places)?;
        let digest = format!("{version} {}", of_files(files.iter().map(PathBuf::as_path))?);
        Ok(Self { file: target.join("xtask").join(format!("{name}.stamp")), digest })
    }

    /// Whether the step was done with the same.
    pub(crate) fn is_fresh(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|last| last == self.digest)
    }

    /// Takes note that it is done.
    pub(crate) fn set(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&self.file, &self.digest).with_context(|| format!("{} cannot be written", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_a_byte_makes_a_stamp_stale() {
        let folder = std::env::temp_dir().join(format!("seinpost-stamp-{}", std::process::id()));
        let inputs = folder.join("in");
        std::fs::create_dir_all(&inputs).expect("a folder");
        std::fs::write(inputs.join("a"), "1").expect("a file");
        let stamp = || Stamp::new(&folder, "step", "1", [inputs.as_path()]).expect("a stamp");
        assert!(!stamp().is_fresh());
        stamp().set().expect("set");
        assert!(stamp().is_fresh());
        std::fs::write(inputs.join("a"), "2").expect("a file");
        assert!(!stamp().is_fresh());
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
