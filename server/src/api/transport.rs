//! What is done to every answer on its way out: compression, and leave for other sites to read it.

use axum::{
    http::{HeaderName, HeaderValue, Method, Response, header},
    response::{IntoResponseParts, ResponseParts},
};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate, SizeAbove},
    },
    cors::CorsLayer,
};

/// Smaller answers do not get smaller by compression.
const WORTHWHILE: u64 = 1024;

/// Compresses with brotli or gzip, as the caller takes it. Streams are not compressed, as their events would wait to be
/// sent; nor are answers that hold a secret, whose length would tell of it (BREACH).
pub(super) fn compression() -> CompressionLayer<impl Predicate> {
    // Level 4 is where both are still fast.
    CompressionLayer::new()
        .no_deflate()
        .no_zstd()
        .quality(CompressionLevel::Precise(4))
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(WORTHWHILE)).and(HoldsNoSecret))
}

/// Part of an answer that holds a secret: nobody may store it, and it is not compressed. Much else that nobody may store
/// is: `no-store` alone says nothing of that.
#[derive(Clone, Copy, Debug)]
pub(super) struct HoldsSecret;

impl IntoResponseParts for HoldsSecret {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// No answer with a secret.
#[derive(Clone, Copy, Debug)]
struct HoldsNoSecret;

impl Predicate for HoldsNoSecret {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &Response<B>) -> bool {
        response.extensions().get::<HoldsSecret>().is_none()
    }
}

/// Lets pages of these origins call the API with a token; never with a session's cookie.
pub(super) fn cors(origins: &[HeaderValue]) -> CorsLayer {
    let exposed = ["etag", "link", "location", "ratelimit", "ratelimit-policy", "retry-after"];
    CorsLayer::new()
        .allow_origin(origins.to_vec())
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers(exposed.map(HeaderName::from_static))
        .max_age(std::time::Duration::from_secs(600))
}
