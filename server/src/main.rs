//! The `seinpost` binary.

/// Every delivery allocates on one thread and frees on another: glibc's allocator spends a sixth of the CPU on that and on
/// its locks (see docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    seinpost_server::cli::main()
}
