//! How people build, run, test, bench and pack Seinpost: `cargo xtask help`.

mod args;
mod bench;
mod browser;
mod build;
mod check;
mod debian;
mod interrupt;
mod run;
mod stamp;
mod step;
mod test;
mod toolchain;
mod tools;
mod ui;
mod versions;
mod workspace;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use args::Task;
use workspace::Workspace;

fn main() -> ExitCode {
    match perform() {
        Ok(code) => code,
        Err(error) if error.is::<interrupt::Interrupted>() => ExitCode::from(130),
        Err(error) => {
            ui::note(format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform() -> Result<ExitCode> {
    let task = args::parse(std::env::args_os().skip(1))?;
    if task == Task::Help {
        ui::line(args::HELP);
        return Ok(ExitCode::SUCCESS);
    }
    interrupt::listen()?;
    let workspace = Workspace::find()?;
    match task {
        Task::Help => {}
        Task::Build => {
            let since = Instant::now();
            build::all(&workspace)?;
            ui::line(format!("Built in {}:", ui::in_words(since.elapsed())));
            ui::line(format!("  {}", workspace.binary().display()));
            ui::line(format!("  {}", workspace.tarball().display()));
        }
        Task::Pack => {
            build::npm_package(&workspace, &build::wasm_tools(&workspace)?)?;
            ui::line(workspace.tarball().display());
        }
        Task::Dashboard => return build::serve_dashboard(&workspace),
        Task::Lint => check::lint(&workspace)?,
        Task::Deny => check::deny(&workspace)?,
        Task::Run(options) => run::run(&workspace, &options)?,
        Task::Test(options) => return test::run(&workspace, &options),
        Task::Bench(name, arguments) => bench::run(&workspace, name.as_deref(), &arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}
