//! A small disk that can be filled.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use nix::{
    mount::{MntFlags, MsFlags, mount, umount2},
    unistd::Uid,
};

/// A file system in memory, of a size of its own; it is unmounted when this is dropped.
#[derive(Debug)]
pub struct Tmpfs {
    path: PathBuf,
}

impl Tmpfs {
    /// Mounts one of `mib` MiB on a new folder `path`. `None` where this user may not mount.
    ///
    /// # Errors
    /// When it cannot be mounted although this user is root.
    pub fn mount(path: &Path, mib: usize) -> Result<Option<Self>> {
        if !Uid::effective().is_root() {
            return Ok(None);
        }
        fs::create_dir_all(path)?;
        let options = format!("size={mib}m,mode=700");
        mount(Some("tmpfs"), path, Some("tmpfs"), MsFlags::empty(), Some(options.as_str()))
            .with_context(|| format!("no tmpfs on {}", path.display()))?;
        Ok(Some(Self { path: path.to_owned() }))
    }

    /// Takes `mib` MiB of its room.
    ///
    /// # Errors
    /// When there is less.
    pub fn take(&self, mib: usize) -> Result<()> {
        Ok(fs::write(self.path.join("filler"), vec![0x5a; mib << 20])?)
    }

    /// Gives what was taken back.
    ///
    /// # Errors
    /// When nothing was taken.
    pub fn give_back(&self) -> Result<()> {
        Ok(fs::remove_file(self.path.join("filler"))?)
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        // Lazily: a server that is being killed may still hold a file.
        let _ = umount2(&self.path, MntFlags::MNT_DETACH);
    }
}
