//! `cargo xtask run`: the server and, so that there is something to see, a receiver with a trickle of events.

mod api;
mod receiver;
pub(crate) mod service;
mod trickle;
mod webhooks;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};

use crate::args::RunOptions;
use crate::build;
use crate::interrupt;
use crate::ui;
use crate::workspace::Workspace;

use api::Api;
use service::{Service, Stdout};
use trickle::Trickle;

/// How long the server may take until it answers.
const START: Duration = Duration::from_secs(20);
/// How often it is looked whether someone wants to stop.
const GLANCE: Duration = Duration::from_millis(100);
/// How much time lies between two events of the trickle.
const PACE: Duration = Duration::from_millis(1500);

/// Builds, starts, and goes on until Ctrl-C.
pub(crate) fn run(workspace: &Workspace, options: &RunOptions) -> Result<()> {
    check_ports(options)?;
    build::all(workspace)?;
    std::fs::create_dir_all(&options.data)
        .with_context(|| format!("{} cannot be created. Choose another folder with --data", options.data.display()))?;
    if options.bare { bare(workspace, options) } else { demonstration(workspace, options) }
}

/// Says before the long build that a port is taken.
fn check_ports(options: &RunOptions) -> Result<()> {
    if options.listen.port() == 0 {
        bail!("--listen takes a port of its own, not 0: the receiver and you have to know it.");
    }
    if !options.bare && [0, options.listen.port()].contains(&options.receiver_port) {
        bail!("--receiver-port takes a port of its own, not {}.", options.receiver_port);
    }
    check_port(options.listen, "--listen", options.listen)?;
    if !options.bare {
        let receiver = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), options.receiver_port);
        check_port(receiver, "--receiver-port", options.receiver_port)?;
    }
    Ok(())
}

fn check_port(address: SocketAddr, option: &str, value: impl std::fmt::Display) -> Result<()> {
    let Err(error) = TcpListener::bind(address) else { return Ok(()) };
    if error.kind() == std::io::ErrorKind::AddrInUse {
        bail!(
            "{address} is in use by another program. Stop that one (`ss -ltnp`, or `lsof -i` on macOS, names it), or choose another with \
             {option} instead of {value}."
        );
    }
    Err(error).with_context(|| format!("{address} cannot be listened on. Choose another with {option}"))
}

fn serve(workspace: &Workspace, options: &RunOptions) -> Command {
    let mut serve = Command::new(workspace.binary());
    serve.arg("serve").arg("--listen").arg(options.listen.to_string()).arg("--data").arg(&options.data);
    // The receivers that a developer tries it with are on this machine.
    serve.args(["--allow-target", "127.0.0.0/8"]);
    serve
}

fn bare(workspace: &Workspace, options: &RunOptions) -> Result<()> {
    let mut server = Service::start("the server", serve(workspace, options), Stdout::Shown)?;
    while !interrupt::interrupted() {
        server.check()?;
        server.wait(GLANCE);
    }
    server.stop();
    Ok(())
}

fn demonstration(workspace: &Workspace, options: &RunOptions) -> Result<()> {
    let folder = std::path::absolute(options.data.join("demo"))?;
    let token = demo_token(&folder)?;
    let mut command = serve(workspace, options);
    command.env("SEINPOST_BOOTSTRAP_TOKEN", &token);
    let mut server = Service::start("the server", command, Stdout::Kept(&folder.join("server.log")))?;
    let api = Api::new(options.listen, token);
    wait_until_ready(&api, &mut server)?;

    let receiver = receiver::start(workspace, &api, options.receiver_port, &folder);
    let mut receiver = match receiver {
        Ok(receiver) => receiver,
        Err(error) => {
            server.stop();
            return Err(error);
        }
    };
    let outcome = webhooks::prepare(&api, options.receiver_port, &folder).and_then(|()| {
        introduce(&api, options, &server);
        trickle(&api, &mut server, &mut receiver)
    });
    receiver.stop();
    server.stop();
    // An error that came of the stopping itself is none.
    if interrupt::interrupted() { Ok(()) } else { outcome }
}

/// The token of the demonstration's own calls: made once, and kept beside the database that knows it.
fn demo_token(folder: &Path) -> Result<String> {
    use std::io::{Read as _, Write as _};
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    let file = folder.join("token");
    if let Ok(token) = std::fs::read_to_string(&file) {
        return Ok(token.trim().to_owned());
    }
    let mut bytes = [0; 24];
    std::fs::File::open("/dev/urandom").and_then(|mut random| random.read_exact(&mut bytes))?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let token = format!("demo-{hex}");
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file)
        .and_then(|mut opened| opened.write_all(token.as_bytes()))
        .with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(token)
}

fn wait_until_ready(api: &Api, server: &mut Service) -> Result<()> {
    let until = Instant::now() + START;
    while !api.is_ready() {
        interrupt::check()?;
        server.check()?;
        if Instant::now() > until {
            bail!("The server did not answer within {}.\n{}", ui::in_words(START), server.last_lines());
        }
        server.wait(GLANCE);
    }
    Ok(())
}

fn introduce(api: &Api, options: &RunOptions, server: &Service) {
    let base = api.base();
    ui::line("");
    match server.find_line(|line| line.contains("/signin#code=")) {
        Some(line) => {
            let link = line.split_whitespace().find(|word| word.contains("/signin#code=")).unwrap_or(base);
            ui::line(format!("Sign in (once):  {link}"));
        }
        None => ui::line(format!("Dashboard:       {base}")),
    }
    ui::line(format!("Inspector:       {base}/inspector"));
    ui::line(format!("Receiver:        http://127.0.0.1:{}  (examples/receiver-node)", options.receiver_port));
    ui::line(format!("Data:            {}", options.data.display()));
    ui::line("Ctrl-C stops all of it. Each line below is a call that the receiver verified and accepted.");
    ui::line("");
}

fn trickle(api: &Api, server: &mut Service, receiver: &mut Service) -> Result<()> {
    let mut events = Trickle::new();
    let mut next = Instant::now();
    while !interrupt::interrupted() {
        server.check()?;
        match receiver.line(GLANCE) {
            Ok(line) => ui::line(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => receiver.wait(GLANCE),
        }
        receiver.check()?;
        if Instant::now() >= next {
            api.send_event(&events.next(now()))?;
            next = Instant::now() + PACE;
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the events of the demonstration happen now")]
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
