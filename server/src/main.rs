//! The `seinpost` binary.

/// Every delivery allocates on one thread and frees on another: glibc's allocator spends a sixth of the CPU on that and on
/// its locks, and mimalloc takes half as much memory again (see docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    seinpost_server::cli::main()
}
