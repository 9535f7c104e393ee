//! How many files this process may have open, its connections among them.

use std::{
    io,
    net::{Ipv4Addr, UdpSocket},
};

/// Whether an error says that no more can be opened, by this process or on this machine.
#[must_use]
pub fn is_exhausted(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
    }
    #[cfg(not(unix))]
    {
        let _ = error;
        false
    }
}

/// Why there is no room for one more now, if there is none: not all who fail for that say so.
#[must_use]
pub fn exhaustion() -> Option<io::Error> {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).err().filter(is_exhausted)
}

/// Lets this process open as many as whoever started it allows (the hard limit): what is usual to begin with (1024) is for
/// programs that do not ask. How many that are, if there is a limit.
#[must_use]
pub fn raise_limit() -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        if limit.current == limit.maximum {
            return limit.current;
        }
        match setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
            Ok(()) => limit.maximum,
            Err(error) => {
                tracing::warn!(%error, "no more files may be open than {:?}", limit.current);
                limit.current
            }
        }
    }
    #[cfg(not(unix))]
    None
}
