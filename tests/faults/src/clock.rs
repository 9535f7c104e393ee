//! A machine's clock that can be set, for one process: the server is the very binary, and only asks the time of us.

use std::{
    fs::{self, File},
    os::unix::fs::{FileExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

/// How far it is off, in seconds, for whoever is started by the script.
#[derive(Debug)]
pub struct MachineClock {
    off: File,
    script: PathBuf,
}

impl MachineClock {
    /// Makes a clock that is right, and in `folder` a script that starts `binary` by it. It takes a C compiler, as the
    /// server does.
    ///
    /// # Errors
    /// When there is no compiler, or the folder cannot be written.
    pub fn new(folder: &Path, binary: &Path) -> Result<Self> {
        let (source, library) = (folder.join("clock.c"), folder.join("clock.so"));
        let (file, script) = (folder.join("clock"), folder.join("server"));
        fs::write(&source, include_str!("clock.c"))?;
        let mut compile = Command::new("cc");
        let compiled = compile.args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(&source).status();
        ensure!(compiled.context("cc cannot be started")?.success(), "the clock could not be compiled");
        fs::write(&file, 0_i64.to_ne_bytes())?;
        let text = format!(
            "#!/bin/sh\nexec env LD_PRELOAD='{}' SEINPOST_FAULTS_CLOCK='{}' '{}' \"$@\"\n",
            library.display(),
            file.display(),
            binary.display()
        );
        fs::write(&script, text)?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
        Ok(Self { off: File::options().write(true).open(file)?, script })
    }

    /// What to start.
    #[must_use]
    pub fn script(&self) -> &Path {
        &self.script
    }

    /// Sets the clock to so many seconds from what is right.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set(&self, seconds: i64) -> Result<()> {
        Ok(self.off.write_all_at(&seconds.to_ne_bytes(), 0)?)
    }
}
