//! What this machine can do by itself, and what else it is doing.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::{event::now_ns, stats::median};

/// The median time of appending 4 KiB to a file in `folder` and flushing it to the disk, in milliseconds.
///
/// # Errors
/// When the folder cannot be written.
pub fn append_and_flush_ms(folder: &Path, times: usize) -> Result<f64> {
    let path = folder.join("flush");
    let mut file = File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    let block = [0x5a_u8; 4096];
    let mut measured = Vec::with_capacity(times);
    for _ in 0..times {
        let began = now_ns();
        file.write_all(&block)?;
        file.sync_data()?;
        measured.push((now_ns() - began) as f64 / 1e6);
    }
    fs::remove_file(&path)?;
    median(&measured).context("nothing was measured")
}

/// How many RSA-2048 signatures OpenSSL makes in a second on one core.
///
/// # Errors
/// When there is no `openssl`.
pub fn openssl_rsa2048(seconds: u32) -> Result<f64> {
    let output = Command::new("openssl")
        .args(["speed", "-mr", "-seconds", &seconds.to_string(), "rsa2048"])
        .output()
        .context("the program `openssl` is needed to compare with. Install it")?;
    ensure!(output.status.success(), "openssl speed failed: {}", String::from_utf8_lossy(&output.stderr));
    // `+F2:2:2048:SIGN:VERIFY`: seconds a signature, or signatures a second in newer versions.
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with("+F2:")).context("openssl speed said nothing of RSA")?;
    let value: f64 = line.split(':').nth(3).context("openssl speed wrote another form")?.parse()?;
    Ok(if value < 1.0 { 1.0 / value } else { value })
}

/// CPU time, in the kernel's ticks of 10 ms.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    at_ns: u64,
    /// What all programs used together.
    all: u64,
    /// What ours used.
    ours: u64,
}

impl Cpu {
    /// Looks, counting this process, its children that have ended, and these that run.
    ///
    /// # Errors
    /// When `/proc` cannot be read.
    pub fn now(running: &[u32]) -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat")?;
        let first = stat.lines().next().unwrap_or_default();
        // user, nice, system; what interrupts took belongs to nobody.
        let all = first.split_whitespace().skip(1).take(3).filter_map(|field| field.parse::<u64>().ok()).sum();
        let mut ours = ticks(std::process::id(), 4)?;
        for process in running {
            ours += ticks(*process, 2)?;
        }
        Ok(Self { at_ns: now_ns(), all, ours })
    }

    /// The share of this machine that other programs used since `before`, of 1.
    #[must_use]
    pub fn foreign_since(&self, before: &Self) -> f64 {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as f64;
        let elapsed = (self.at_ns - before.at_ns) as f64 / 1e7 * cores;
        let foreign = (self.all - before.all).saturating_sub(self.ours.saturating_sub(before.ours));
        if elapsed > 0.0 { foreign as f64 / elapsed } else { 0.0 }
    }
}

/// utime and stime of a process, and with `fields` 4 those of its ended children too.
fn ticks(process: u32, fields: usize) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, in parentheses, may hold spaces; utime is the twelfth field after it.
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    Ok(rest.split_whitespace().skip(11).take(fields).filter_map(|field| field.parse::<u64>().ok()).sum())
}

/// What this machine is, in a line.
#[must_use]
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let memory = read("/proc/meminfo");
    let kib: f64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or(0.0);
    let model = read("/proc/cpuinfo");
    let model = model
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':').map(|(_, name)| name.trim().to_owned()))
        .unwrap_or_default();
    format!("{cores} cores ({model}), {:.0} GiB of memory, Linux {}", kib / 1_048_576.0, kernel.trim())
}
