//! The release binary as a process of its own, with a data folder of its own.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::sync::oneshot;

use crate::api::Api;

/// The token that it is started with.
pub const TOKEN: &str = "sp_bench_0123456789abcdefghijklmnopqrstuvwxyz";

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs; it is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    data: PathBuf,
    listening: Option<oneshot::Receiver<()>>,
}

impl Server {
    /// Starts it on a free port of 127.0.0.1, without waiting for it.
    ///
    /// # Errors
    /// When the binary cannot be started.
    pub fn spawn(binary: &Path, data: &Path) -> Result<Self> {
        Self::spawn_at(binary, data, free_port()?, &[])
    }

    /// Starts it on this address, with further arguments.
    ///
    /// # Errors
    /// When the binary cannot be started.
    pub fn spawn_at(binary: &Path, data: &Path, address: SocketAddr, arguments: &[&str]) -> Result<Self> {
        fs::create_dir_all(data)?;
        let log = File::options().create(true).append(true).open(data.with_extension("log"))?;
        let mut child = Command::new(binary)
            .arg("serve")
            .args(["--listen", &address.to_string(), "--allow-target", "127.0.0.0/8", "--data"])
            .arg(data)
            .args(arguments)
            .env("SEINPOST_BOOTSTRAP_TOKEN", TOKEN)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.try_clone()?)
            .spawn()
            .with_context(|| format!("{} cannot be started", binary.display()))?;
        let output = child.stdout.take().context("the server has no output")?;
        let (said, listening) = oneshot::channel();
        std::thread::spawn(move || copy_lines(output, log, said));
        Ok(Self { child, address, data: data.to_owned(), listening: Some(listening) })
    }

    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it ends, or does not listen within a minute.
    pub async fn start(binary: &Path, data: &Path) -> Result<Self> {
        Self::start_with(binary, data, &[]).await
    }

    /// Starts it with further arguments, and waits until it listens.
    ///
    /// # Errors
    /// When it ends, or does not listen within a minute.
    pub async fn start_with(binary: &Path, data: &Path, arguments: &[&str]) -> Result<Self> {
        let mut server = Self::spawn_at(binary, data, free_port()?, arguments)?;
        server.ready().await?;
        Ok(server)
    }

    /// Waits until it says that it listens.
    ///
    /// # Errors
    /// When it ends, or does not listen within a minute.
    pub async fn ready(&mut self) -> Result<()> {
        let Some(listening) = self.listening.take() else { return Ok(()) };
        match tokio::time::timeout(PATIENCE, listening).await {
            Ok(Ok(())) => Ok(()),
            // Its output was closed: it ends, or has ended.
            Ok(Err(_)) => {
                let status = self.child.wait()?;
                bail!("the server ended ({status}):\n{}", self.log())
            }
            Err(_) => bail!("the server does not listen:\n{}", self.log()),
        }
    }

    /// Calls to it, with its token.
    #[must_use]
    pub fn api(&self) -> Api {
        Api::new(self.address, Some(TOKEN))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its number.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The end of what it has written.
    #[must_use]
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.data.with_extension("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n")
    }

    /// Its resident memory: now, and at most so far; in MiB.
    ///
    /// # Errors
    /// When it does not run.
    pub fn resident_mib(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let find = |name: &str| -> Option<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
        };
        find("VmRSS:").zip(find("VmHWM:")).context("the server does not run")
    }

    /// The CPU time it has used, in seconds.
    ///
    /// # Errors
    /// When it does not run.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks: u64 = rest.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Ok(ticks as f64 / 100.0)
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.signal(Signal::SIGTERM)?;
        Ok(self.child.wait()?)
    }

    /// Ends it at once.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        // An error means that it has ended.
        let _ = self.child.kill();
        Ok(self.child.wait()?)
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// When it does not run any more.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill(Pid::from_raw(i32::try_from(self.child.id())?), signal)?)
    }

    /// The size of its database (with its log), in bytes.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn stored_bytes(&self) -> Result<u64> {
        let mut sum = 0;
        for entry in fs::read_dir(&self.data)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("seinpost.db") {
                sum += entry.metadata()?.len();
            }
        }
        Ok(sum)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Copies what the server says into its log, and tells when it says that it listens.
fn copy_lines(output: ChildStdout, mut log: File, said: oneshot::Sender<()>) {
    let mut said = Some(said);
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if line.contains(" listens on ")
            && let Some(said) = said.take()
        {
            // Nobody may be waiting for it.
            let _ = said.send(());
        }
        // Without room on the disk there is no log.
        let _ = writeln!(log, "{line}");
    }
}

/// An address of 127.0.0.1 that nobody listens on.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
