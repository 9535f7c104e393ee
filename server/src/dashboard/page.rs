//! The page of the dashboard as it is sent: made once, when the server starts.

use std::{
    borrow::Cow,
    io::{self, Write as _},
};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use bytes::Bytes;

use super::{
    Dist, Resolver, Sent,
    branding::{self, Branding},
    coding::Coding,
    hex, policy,
};

/// What is served where the dashboard was not built.
const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Seinpost</title></head>\n\
    <h1>Seinpost runs</h1>\n<p>This binary was built without the dashboard. <code>cargo xtask build</code> builds one with \
    it. The API is at <code>/v1</code>.</p>\n</html>\n";

/// A page with its policy, in each coding that a browser may take.
pub(super) struct Page {
    policy: String,
    tag: HeaderValue,
    plain: Bytes,
    coded: Vec<(Coding, Bytes)>,
}

impl Page {
    /// The page in the platform's looks. Where there is a resolver, every page names it, but only the `inspector`'s own
    /// may ask it: one that was come to from another page is loaded anew for that.
    pub(super) fn new(branding: &Branding, resolver: Option<&Resolver>, inspector: bool) -> Self {
        let built: Cow<'static, [u8]> =
            Dist::get("index.html").map_or(Cow::Borrowed(NOT_BUILT.as_bytes()), |found| found.data);
        let mut page = branding.page(String::from_utf8_lossy(&built).into_owned());
        if let Some(resolver) = resolver {
            branding::insert(&mut page, &resolver.meta(inspector));
        }
        let asked = resolver.filter(|_| inspector).map(Resolver::origin);
        let policy = policy::of_page(&page, &branding.frame_ancestors, asked);
        // Of the policy too: where only that has changed, the page is another.
        let hash = digest(&SHA256, format!("{policy}\n{page}").as_bytes());
        let tag = HeaderValue::try_from(format!("\"{}\"", hex(hash.as_ref()))).unwrap_or(HeaderValue::from_static(""));
        // One that could not be made is not sent: the page goes without.
        let coded = Coding::ALL.into_iter().filter_map(|coding| Some((coding, coded(coding, page.as_bytes()).ok()?)));
        Self { policy, tag, coded: coded.collect(), plain: page.into() }
    }

    /// The answer to somebody who asks for the page with these header fields.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let found = Coding::taken(asked).find_map(|taken| self.coded.iter().find(|(coding, _)| *coding == taken));
        let (coding, body) = found.map_or((None, &self.plain), |(coding, body)| (Some(*coding), body));
        let (mime, cache) = ("text/html; charset=utf-8", "no-cache");
        let sent = Sent { tag: self.tag.clone(), mime, cache, coding, body: body.clone() };
        sent.answer(asked, self.policy.clone())
    }
}

fn coded(coding: Coding, page: &[u8]) -> io::Result<Bytes> {
    let coded = match coding {
        Coding::Brotli => {
            let mut coded = Vec::new();
            brotli::BrotliCompress(&mut &*page, &mut coded, &brotli::enc::BrotliEncoderParams::default())?;
            coded
        }
        Coding::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(page)?;
            encoder.finish()?
        }
    };
    Ok(coded.into())
}
