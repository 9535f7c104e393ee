//! The `seinpost` binary.

fn main() -> std::process::ExitCode {
    seinpost_server::cli::main()
}
