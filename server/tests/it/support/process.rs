//! The server as its users run it: the binary, in a process of its own.

use std::{net::SocketAddr, path::Path, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use super::{client::Client, within};

pub(crate) const TOKEN: &str = "a-bootstrap-token-for-tests";

pub(crate) struct Server {
    child: Child,
    /// What it says, as long as anybody listens.
    lines: Option<Lines<BufReader<ChildStdout>>>,
    pub(crate) client: Client,
    pub(crate) signin: String,
}

pub(crate) fn seinpost(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seinpost"));
    set_up(&mut command, data, arguments);
    command
}

fn set_up(command: &mut Command, data: &Path, arguments: &[&str]) {
    command
        .env_clear()
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
}

/// A command that ends in the binary, made one that serves.
pub(crate) fn serving(mut command: Command, data: &Path, arguments: &[&str]) -> Command {
    let mut all = vec!["serve", "--listen", "127.0.0.1:0", "--allow-target", "127.0.0.0/8", "--log", "warn"];
    all.extend(arguments);
    set_up(&mut command, data, &all);
    command.env("SEINPOST_BOOTSTRAP_TOKEN", TOKEN).stderr(Stdio::inherit());
    command
}

impl Server {
    pub(crate) async fn start(data: &Path, arguments: &[&str]) -> Self {
        Self::start_with_token(data, Some(TOKEN), arguments).await
    }

    /// With this bootstrap token, or none.
    pub(crate) async fn start_with_token(data: &Path, token: Option<&str>, arguments: &[&str]) -> Self {
        let mut command = serving(Command::new(env!("CARGO_BIN_EXE_seinpost")), data, arguments);
        command.env_remove("SEINPOST_BOOTSTRAP_TOKEN");
        command.envs(token.map(|token| ("SEINPOST_BOOTSTRAP_TOKEN", token)));
        let mut server = Self::of(command).await;
        server.client.token = token.map(Into::into);
        server
    }

    /// The server that a command starts.
    pub(crate) async fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = async || within("the server's start", lines.next_line()).await.unwrap().unwrap();
        let listens = next().await;
        let address: SocketAddr = listens.rsplit("http://").next().unwrap().parse().unwrap();
        let signin = next().await.strip_prefix("Sign in: ").unwrap().to_owned();
        Self { child, lines: Some(lines), client: Client { address, token: Some(TOKEN.into()) }, signin }
    }

    /// Nobody listens any more to what it says.
    pub(crate) fn hang_up(&mut self) {
        self.lines = None;
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> String {
        self.child.id().unwrap().to_string()
    }

    /// As a power cut would: no chance to finish anything.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// As a service manager does; what the server says, and how it ended.
    pub(crate) async fn terminate(mut self) -> (Vec<String>, bool) {
        ask_to_end(&self.id()).await;
        let mut said = Vec::new();
        if let Some(lines) = &mut self.lines {
            while let Some(line) = within("the server's end", lines.next_line()).await.unwrap() {
                said.push(line);
            }
        }
        let status = within("the server's end", self.child.wait()).await.unwrap();
        (said, status.success())
    }
}

/// As a service manager does.
pub(crate) async fn ask_to_end(process: &str) {
    Command::new("kill").args(["-TERM", process]).stderr(Stdio::null()).status().await.unwrap();
}

/// Runs a command to its end: whether it succeeded, what it printed, what it complained about.
pub(crate) async fn run(mut command: Command) -> (bool, String, String) {
    let mut child = command.spawn().unwrap();
    let (mut out, mut err) = (String::new(), String::new());
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let status = within("the command's end", async {
        let _ = tokio::join!(stdout.read_to_string(&mut out), stderr.read_to_string(&mut err));
        child.wait().await.unwrap()
    })
    .await;
    (status.success(), out, err)
}
