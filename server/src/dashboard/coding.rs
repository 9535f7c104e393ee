//! In which form a browser takes a file.

use axum::http::{HeaderMap, header};

/// How a file is compressed (RFC 9110 §8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// The smaller one first.
    pub(super) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in `Content-Encoding`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What a file in this form ends in, behind its own name.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }

    /// Those that somebody takes who asks with these header fields, the smaller one first.
    pub(super) fn taken(asked: &HeaderMap) -> impl Iterator<Item = Self> + use<> {
        let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let taken = Self::ALL.map(|coding| {
            let named = accepted.split(',').any(|each| {
                let mut parts = each.split(';').map(str::trim);
                parts.next() == Some(coding.name()) && !parts.any(|weight| weight.replace(' ', "") == "q=0")
            });
            named.then_some(coding)
        });
        taken.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_smaller_one_that_is_taken_comes_first() {
        let taken = |accepted: &'static str| {
            let asked = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            Coding::taken(&asked).collect::<Vec<_>>()
        };
        assert_eq!(taken("gzip, deflate, br, zstd"), [Coding::Brotli, Coding::Gzip]);
        assert_eq!(taken("br; q=0, gzip;q=0.5"), [Coding::Gzip]);
        assert_eq!(taken("identity, brx"), []);
        assert_eq!(Coding::taken(&HeaderMap::new()).count(), 0);
    }
}
