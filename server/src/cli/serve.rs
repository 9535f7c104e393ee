//! `seinpost serve`

use std::{
    fmt,
    fs::File,
    io,
    net::SocketAddr,
    path::Path,
    pin::pin,
    sync::{Arc, Once},
    time::Duration,
};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Failed, environment_of, lock, open, say, signin_link};
use crate::{
    access::NewLink,
    api::{self, Front},
    app::App,
    config::Settings,
    dashboard, dns, egress, files, listen,
    store::sqlite,
};

/// How long what is on its way is waited for at the stop.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many files are open beside the connections of clients and to receivers: the database, name servers, the log.
const OTHER_FILES: usize = 128;
/// A token that is shorter can be guessed.
const GUESSABLE: usize = 16;

pub(super) async fn run(settings: Settings) -> Result<(), Failed> {
    // From the first moment on: the first process of a container does not get the signals that it does not wait for, and any
    // other would end in the middle of its start.
    let mut stop = pin!(stop_signal()?);
    let clients = with_room(settings.clients, settings.concurrency, files::raise_limit());
    // The port first: nothing is touched while another server runs on it.
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| not_bound(settings.listen, &error))?;
    let dns = match settings.dns_listen {
        Some(address) => Some(dns::bind(address).await.map_err(|error| dns_not_bound(address, &error))?),
        None => None,
    };
    // Before the database is opened, which brings it to this version: never under a server that runs on it.
    sqlite::make_folder(&settings.data)?;
    let _lock = lock(&settings.data)?;
    let app = Arc::new(open(&settings)?);
    let address = listener.local_addr()?;
    let base = settings.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let stopping = CancellationToken::new();
    let begun = tokio::select! {
        // One that came while the database was opened is heard now.
        biased;
        stopped = stop.as_mut() => stopped.map(|()| None),
        begun = begin(&app, &settings, &base, dns, &stopping) => begun.map(Some),
    };
    let Some(said) = begun? else {
        stopping.cancel();
        app.stop(PATIENCE).await;
        tell("Stopped before it had started.");
        return Ok(());
    };
    // From here on calls are on their way: nothing but the stop ends them.
    tell(format_args!("Seinpost {} listens on http://{address}", env!("CARGO_PKG_VERSION")));
    said.into_iter().for_each(tell);
    if !address.ip().is_loopback() && settings.public_url.is_none() {
        tracing::warn!(
            "others than this machine can reach this address without TLS: put a web server that speaks TLS before it"
        );
    }
    let pages = dashboard::router(settings.branding.clone(), settings.dns_over_https.clone());
    let front = Front::new(Arc::clone(&app), api::router(Arc::clone(&app)).merge(pages));
    let server = tokio::spawn(listen::serve(listener, front, clients, stopping.clone()));
    stop.await?;
    // Whoever asks twice does not want to wait.
    let again = stop_signal()?;
    tokio::select! {
        done = finish(&app, stopping, server) => done,
        again = again => again.and(Err(Failed("stopped at once; what was on its way is sent again at the next start".into()))),
    }
}

/// As many connections of clients as leave calls some of the `files` that may be open.
fn with_room(clients: listen::Limits, calls: usize, files: Option<u64>) -> listen::Limits {
    let Some(files) = files else { return clients };
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    let others = calls.saturating_add(egress::Limits::default().idle_in_all).saturating_add(OTHER_FILES);
    let connections = files.saturating_sub(others).max(files / 2).max(1);
    if clients.connections <= connections {
        return clients;
    }
    tracing::warn!(
        "this process may have {files} files open, which are too few for max_connections and concurrency: {connections} clients \
         are connected at a time. Let it have more (LimitNOFILE of systemd, ulimit -n)"
    );
    listen::Limits { connections, ..clients }
}

/// All that can fail, and then the dispatcher; what is to be said of it.
async fn begin(
    app: &App,
    settings: &Settings,
    base: &str,
    dns: Option<dns::Bound>,
    stopping: &CancellationToken,
) -> Result<Vec<String>, Failed> {
    let environment = environment_of(app, None).await?;
    if let Some(token) = &settings.bootstrap_token {
        if token.len() < GUESSABLE {
            tracing::warn!("the bootstrap token is shorter than {GUESSABLE} characters: others may guess it");
        }
        app.access.keep_bootstrap_token(environment.id, token).await?;
    }
    for each in app.store.environments().await? {
        app.keyring.current(each.id).await.map_err(|error| Failed(error.to_string()))?;
    }
    let link = signin_link::link(app, NewLink::to_all_of(environment.id), base).await?;
    let mut said = vec![format!("Sign in: {link}")];
    if let Some(dns) = dns {
        let (zone, address) = (app.keyring.zone(), dns.address()?);
        let (store, clock) = (Arc::clone(&app.store), Arc::clone(&app.clock));
        dns.serve(store, clock, &settings.key_domain, &settings.dns_server, stopping.clone()).map_err(Failed)?;
        said.push(format!("Answers DNS for {zone} on {address}: delegate it to {}", settings.dns_server));
    }
    app.start().await?;
    Ok(said)
}

/// Says something to whoever watches. That it cannot be written (nobody reads it, the disk is full) is no reason to end what
/// runs.
fn tell(line: impl fmt::Display) {
    static UNHEARD: Once = Once::new();
    if let Err(error) = say(line) {
        UNHEARD.call_once(|| tracing::warn!(%error, "standard output cannot be written: what is said there is lost"));
    }
}

async fn finish(app: &App, stopping: CancellationToken, server: tokio::task::JoinHandle<()>) -> Result<(), Failed> {
    app.take_no_more();
    stopping.cancel();
    tell("Stopping: no new work is taken, what is on its way is finished.");
    let (server, given_up) = tokio::join!(tokio::time::timeout(PATIENCE, server), app.stop(PATIENCE));
    if server.is_err() {
        tracing::warn!("some clients did not finish their requests");
    }
    // After the last client, whose events may have come meanwhile.
    let waiting = app.store.totals().await?.pending;
    if given_up > 0 {
        tell(format_args!("{given_up} calls did not end in time; they are made again at the next start."));
    }
    match waiting {
        0 => tell("Stopped. Nothing waits."),
        1 => tell("Stopped. 1 delivery waits for the next start."),
        _ => tell(format_args!("Stopped. {waiting} deliveries wait for the next start.")),
    }
    Ok(())
}

fn not_bound(address: SocketAddr, error: &io::Error) -> Failed {
    Failed(match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is in use by another program. Stop that one, or choose another address with --listen")
        }
        io::ErrorKind::PermissionDenied => format!(
            "this user may not listen on {address}. Choose a port from 1024 with --listen, and put a web server before it"
        ),
        io::ErrorKind::AddrNotAvailable => {
            format!("{address} is no address of this machine. Choose another with --listen")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}

fn dns_not_bound(address: SocketAddr, error: &io::Error) -> Failed {
    Failed(match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "dns_listen: {address} is in use by another program, such as a resolver of this machine. Name an address of the outside"
            )
        }
        io::ErrorKind::PermissionDenied => format!(
            "dns_listen: this user may not listen on {address}. Choose a port from 1024 and have port 53 redirected to it, or \
             give the program the capability CAP_NET_BIND_SERVICE"
        ),
        _ => format!("dns_listen: cannot listen on {address}: {error}"),
    })
}

/// One server to a data folder: two would send everything twice.
pub(super) fn lock(data: &Path) -> Result<File, Failed> {
    try_lock(data)?.ok_or_else(|| {
        Failed(format!(
            "another Seinpost serves the data folder {}. Stop that one, or choose another folder with --data",
            data.display()
        ))
    })
}

/// The lock of a data folder; `None` while another process has it.
pub(super) fn try_lock(data: &Path) -> Result<Option<File>, Failed> {
    lock::exclusive(data, "seinpost.lock")
}

/// Waits for Ctrl-C or SIGTERM, from now on: where this is called first, either of them before that ends the process at once.
fn stop_signal() -> Result<impl Future<Output = Result<(), Failed>>, Failed> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => Ok(()),
                _ = terminate.recv() => Ok(()),
            }
        })
    }
    #[cfg(not(unix))]
    {
        Ok(async { Ok(tokio::signal::ctrl_c().await?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_leave_calls_some_of_the_files_that_may_be_open() {
        let time = Duration::from_secs(60);
        let clients = listen::Limits { connections: 4096, bodies: 0, head: time, body: time };
        let taken = |files| with_room(clients, 1024, files).connections;
        assert_eq!((taken(None), taken(Some(1_048_576)), taken(Some(8192))), (4096, 4096, 4096));
        assert_eq!((taken(Some(5000)), taken(Some(1024)), taken(Some(0))), (2824, 512, 1));
    }
}
