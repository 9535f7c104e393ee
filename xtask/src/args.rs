//! The command line.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

/// What `cargo xtask help` says.
pub(crate) const HELP: &str = "\
cargo xtask COMMAND

  run [--bare]            build all, start the server on http://127.0.0.1:8080 and, unless --bare,
                          an example receiver with a verified webhook of each type and a trickle of events
      --listen ADDR         another address (127.0.0.1:8080)
      --data DIR            another folder for the database (./data)
      --receiver-port PORT  another port for the example receiver (8090)
  dashboard               serve the dashboard on http://127.0.0.1:8081, built anew at every change, for
                          the server on port 8080
  test [KIND…] [FILTER…]  run every test, or those of some kinds:
      --rust  --wasm  --node  --e2e     FILTER: only tests whose names contain it
      --schemathesis                    the API against its description, for 100 seconds
      --faults                          the fault suite at full length; only where it is asked for
      --fuzz                            20 seconds for each target; only where it is asked for
  build                   leave target/release/seinpost and target/npm/seinpost-verify-VERSION.tgz
  pack                    the npm package alone
  lint                    clippy on every crate, for the target it is built for; warnings are errors
  deny                    licences, bans, sources, and advisories where they can be had
  bench [NAME …]          measure; without a name, list what can be measured
  help                    this

All of them install what is missing and say nothing where nothing is to do.";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Build,
    Pack,
    Dashboard,
    Lint,
    Deny,
    Run(RunOptions),
    Test(TestOptions),
    /// The name, and what is handed on to the program that measures.
    Bench(Option<String>, Vec<OsString>),
}

/// How to run it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RunOptions {
    pub(crate) bare: bool,
    pub(crate) listen: SocketAddr,
    /// Relative to where the command is given.
    pub(crate) data: PathBuf,
    pub(crate) receiver_port: u16,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { bare: false, listen: SocketAddr::from(([127, 0, 0, 1], 8080)), data: "data".into(), receiver_port: 8090 }
    }
}

/// Which tests to run: none named means all.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TestOptions {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) filters: Vec<String>,
}

impl TestOptions {
    /// Whether tests of that kind are asked for.
    pub(crate) fn wants(&self, kind: Kind) -> bool {
        if self.kinds.is_empty() { !matches!(kind, Kind::Faults | Kind::Fuzz) } else { self.kinds.contains(&kind) }
    }
}

/// A kind of test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Rust,
    Wasm,
    Node,
    /// The API against its description.
    Schemathesis,
    EndToEnd,
    /// Its short form is among the Rust tests.
    Faults,
    /// Takes a while and finds something new each time, so it is asked for by name.
    Fuzz,
}

/// The commands there are.
const COMMANDS: [&str; 9] = ["run", "dashboard", "test", "build", "pack", "lint", "deny", "bench", "help"];

/// Reads the command line, without the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Task> {
    use lexopt::prelude::{Long, Short, Value};
    let mut parser = lexopt::Parser::from_args(arguments);
    let command = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Task::Help),
        Some(Value(command)) => command.to_string_lossy().into_owned(),
        Some(other) => return Err(unexpected("cargo xtask", other)),
    };
    if !COMMANDS.contains(&command.as_str()) {
        bail!("There is no command '{command}'. `cargo xtask help` lists those there are.");
    }
    let mut run = RunOptions::default();
    let mut test = TestOptions::default();
    let mut bench = (None, Vec::new());
    while let Some(argument) = parser.next()? {
        match (command.as_str(), argument) {
            (_, Short('h') | Long("help")) => return Ok(Task::Help),
            ("run", Long("bare")) => run.bare = true,
            ("run", Long("listen")) => {
                let text = text_of(parser.value()?)?;
                run.listen = text
                    .parse()
                    .with_context(|| format!("--listen takes an address such as 127.0.0.1:8080, not '{text}'"))?;
            }
            ("run", Long("data")) => run.data = parser.value()?.into(),
            ("run", Long("receiver-port")) => {
                let text = text_of(parser.value()?)?;
                run.receiver_port =
                    text.parse().with_context(|| format!("--receiver-port takes a port, not '{text}'"))?;
            }
            ("test", Long("rust")) => test.kinds.push(Kind::Rust),
            ("test", Long("wasm")) => test.kinds.push(Kind::Wasm),
            ("test", Long("node")) => test.kinds.push(Kind::Node),
            ("test", Long("schemathesis")) => test.kinds.push(Kind::Schemathesis),
            ("test", Long("e2e")) => test.kinds.push(Kind::EndToEnd),
            ("test", Long("faults")) => test.kinds.push(Kind::Faults),
            ("test", Long("fuzz")) => test.kinds.push(Kind::Fuzz),
            ("test", Value(filter)) => test.filters.push(filter_of(filter)?),
            ("bench", Value(value)) => {
                bench.0 = Some(text_of(value)?);
                let mut rest = parser.raw_args()?.peekable();
                // As Cargo's own commands have it.
                rest.next_if(|argument| argument == "--");
                bench.1.extend(rest);
            }
            ("help", Value(_)) => {}
            (command, other) => return Err(unexpected(command, other)),
        }
    }
    match command.as_str() {
        "build" => Ok(Task::Build),
        "pack" => Ok(Task::Pack),
        "dashboard" => Ok(Task::Dashboard),
        "lint" => Ok(Task::Lint),
        "deny" => Ok(Task::Deny),
        "run" => Ok(Task::Run(run)),
        "test" => Ok(Task::Test(test)),
        "bench" => Ok(Task::Bench(bench.0, bench.1)),
        _ => Ok(Task::Help),
    }
}

fn text_of(value: OsString) -> Result<String> {
    value.into_string().map_err(|value| anyhow::anyhow!("'{}' is no UTF-8", value.to_string_lossy()))
}

/// A filter of tests. The name of a kind is none: the dashes were forgotten.
fn filter_of(value: OsString) -> Result<String> {
    let filter = text_of(value)?;
    if ["rust", "wasm", "node", "e2e", "schemathesis", "faults", "fuzz"].contains(&filter.as_str()) {
        bail!("'{filter}' is a kind of test: write --{filter}.");
    }
    Ok(filter)
}

fn unexpected(command: &str, argument: lexopt::Arg<'_>) -> anyhow::Error {
    anyhow::anyhow!("{command}: {}. `cargo xtask help` lists what there is.", argument.unexpected())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Task> {
        parse(text.split_whitespace().map(OsString::from))
    }

    #[test]
    fn run_has_its_documented_defaults() {
        let Task::Run(options) = read("run").expect("a task") else { panic!("not run") };
        assert_eq!(options, RunOptions::default());
        assert_eq!(options.listen.to_string(), "127.0.0.1:8080");
        assert!(matches!(read("run --bare --listen [::1]:9000"), Ok(Task::Run(RunOptions { bare: true, .. }))));
    }

    #[test]
    fn kinds_and_filters_are_told_apart() {
        let Task::Test(options) = read("test --node keyid").expect("a task") else { panic!("not test") };
        assert!(options.wants(Kind::Node) && !options.wants(Kind::Rust));
        assert_eq!(options.filters, ["keyid"]);
        assert!(TestOptions::default().wants(Kind::EndToEnd) && !TestOptions::default().wants(Kind::Fuzz));
    }

    #[test]
    fn what_is_not_known_is_named() {
        let text = read("tset").expect_err("no such command").to_string();
        assert!(text.contains("'tset'") && text.contains("cargo xtask help"), "{text}");
        let text = read("run --listen 8080").expect_err("no address").to_string();
        assert!(text.contains("127.0.0.1:8080"), "{text}");
        let text = read("build --bare").expect_err("it has no options").to_string();
        assert!(text.starts_with("build: ") && text.contains("--bare"), "{text}");
        let text = read("tset --node").expect_err("no such command").to_string();
        assert!(text.contains("no command 'tset'"), "{text}");
        let text = read("test node").expect_err("the dashes are missing").to_string();
        assert!(text.contains("write --node"), "{text}");
        assert!(matches!(read("help run"), Ok(Task::Help)));
    }

    #[test]
    fn what_follows_a_measurement_is_handed_on() {
        let handed_on = vec!["--quick".into(), "rates".into()];
        assert_eq!(
            read("bench deliver --quick rates").expect("a task"),
            Task::Bench(Some("deliver".into()), handed_on.clone())
        );
        assert_eq!(
            read("bench deliver -- --quick rates").expect("a task"),
            Task::Bench(Some("deliver".into()), handed_on)
        );
    }
}
