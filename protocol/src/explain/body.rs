//! The forms that a body takes on its way, undone one after another.

use core::ops::ControlFlow;

use super::cause::{Around, Cause, Escapes, Layout};
use super::form::{self, Names};
use super::json::JsonStyle;
use crate::base64;
use crate::payload::parse_object;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The first change after which a body fits.
pub(super) fn search(body: &[u8], mut fits: impl FnMut(&[u8]) -> bool) -> Option<Cause> {
    let mut found = None;
    let _ = forms(body, &mut |form, cause| {
        if fits(form) {
            found = Some(cause);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    found
}

/// Gives each form that the body may have had to `visit`, the likelier first, and what was done to it since, until that
/// breaks off.
pub(super) fn forms(body: &[u8], visit: &mut impl FnMut(&[u8], Cause) -> ControlFlow<()>) -> ControlFlow<()> {
    let ends: [(&[u8], Cause); 3] = [(b"\r\n", Cause::CrLfLost), (b"\n", Cause::LfLost), (b"\r", Cause::CrLost)];
    for (end, cause) in ends {
        visit(&[body, end].concat(), cause)?;
    }
    let added: [(&[u8], Cause); 3] = [(b"\r\n", Cause::CrLfAdded), (b"\n", Cause::LfAdded), (b"\r", Cause::CrAdded)];
    for (end, cause) in added {
        if let Some(bare) = body.strip_suffix(end) {
            visit(bare, cause)?;
        }
    }
    let trimmed = body.trim_ascii();
    if trimmed.len() != body.len() {
        visit(trimmed, Cause::SpaceAdded)?;
    }
    line_ends(body, visit)?;
    match body.strip_prefix(BOM) {
        Some(bare) => visit(bare, Cause::BomAdded)?,
        None => visit(&[BOM, body].concat(), Cause::BomLost)?,
    }
    encoding(body, visit)?;
    form_rewritten(body, visit)?;
    json(body, visit)
}

fn line_ends(body: &[u8], visit: &mut impl FnMut(&[u8], Cause) -> ControlFlow<()>) -> ControlFlow<()> {
    if !body.contains(&b'\n') {
        return ControlFlow::Continue(());
    }
    let bare: Vec<u8> = without_cr(body);
    if bare.len() != body.len() {
        visit(&bare, Cause::LfToCrLf)?;
    }
    let mut full = Vec::with_capacity(bare.len() + 64);
    for byte in &bare {
        if *byte == b'\n' {
            full.push(b'\r');
        }
        full.push(*byte);
    }
    if full.len() != body.len() {
        visit(&full, Cause::CrLfToLf)?;
    }
    ControlFlow::Continue(())
}

fn without_cr(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for (at, byte) in body.iter().enumerate() {
        if *byte != b'\r' || body.get(at + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

/// Base64 around it, or a text that was taken for Latin-1.
fn encoding(body: &[u8], visit: &mut impl FnMut(&[u8], Cause) -> ControlFlow<()>) -> ControlFlow<()> {
    if let Some(bytes) = base64::decode_either(&one_base64(trim_quotes(body))) {
        visit(&bytes, Cause::Base64)?;
    }
    let text = core::str::from_utf8(body).ok().filter(|text| !text.is_ascii());
    let bytes: Option<Vec<u8>> =
        text.and_then(|text| text.chars().map(|each| u8::try_from(u32::from(each)).ok()).collect());
    match bytes {
        Some(bytes) => visit(&bytes, Cause::Latin1),
        None => ControlFlow::Continue(()),
    }
}

fn trim_quotes(body: &[u8]) -> &[u8] {
    let body = body.trim_ascii();
    body.strip_prefix(b"\"").and_then(|body| body.strip_suffix(b"\"")).unwrap_or(body)
}

/// Base64 as it is decoded: that of MIME stands in lines, that of URLs has two letters of its own.
fn one_base64(text: &[u8]) -> Vec<u8> {
    let letters = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    letters
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect()
}

/// A form in which spaces were written in the other of the two ways, or that was read and written again.
fn form_rewritten(body: &[u8], visit: &mut impl FnMut(&[u8], Cause) -> ControlFlow<()>) -> ControlFlow<()> {
    if !body.contains(&b'=') || body.starts_with(b"{") {
        return ControlFlow::Continue(());
    }
    visit(&plus_for_space(body), Cause::FormRewritten)?;
    visit(&percent_for_space(body), Cause::FormRewritten)?;
    for names in Names::ALL.into_iter().filter(|names| names.matter(body)) {
        for style in form::STYLES {
            visit(&style.write(body, names), Cause::FormRewritten)?;
        }
    }
    ControlFlow::Continue(())
}

/// `%20` as `+`.
pub(super) fn plus_for_space(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(b"%20") {
            out.push(b'+');
            rest = after;
        } else {
            out.push(*byte);
            rest = after;
        }
    }
    out
}

/// `+` as `%20`.
pub(super) fn percent_for_space(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 16);
    for byte in text {
        if *byte == b'+' { out.extend_from_slice(b"%20") } else { out.push(*byte) }
    }
    out
}

/// JSON that was parsed and written again: the common writers, as the sender may have used them.
fn json(body: &[u8], visit: &mut impl FnMut(&[u8], Cause) -> ControlFlow<()>) -> ControlFlow<()> {
    let Ok(pairs) = parse_object(body.strip_prefix(BOM).unwrap_or(body)) else { return ControlFlow::Continue(()) };
    let layouts = [Layout::Compact, Layout::Spaced, Layout::Indented2, Layout::Indented4];
    let mut written = |layout, escapes, around| {
        let mut text = JsonStyle { layout, escapes }.write(&pairs).into_bytes();
        match around {
            Around::Nothing => {}
            Around::LineFeed => text.push(b'\n'),
            Around::Bom => text = [BOM, &text].concat(),
        }
        visit(&text, Cause::JsonRewritten { layout, escapes, around })
    };
    for layout in layouts {
        for escapes in [Escapes::None, Escapes::Slashes, Escapes::Unicode, Escapes::SlashesAndUnicode] {
            written(layout, escapes, Around::Nothing)?;
        }
    }
    for layout in [Layout::Compact, Layout::Indented2] {
        written(layout, Escapes::Capitals, Around::Nothing)?;
        written(layout, Escapes::Html, Around::Nothing)?;
        // As .NET begins what it writes.
        written(layout, Escapes::None, Around::Bom)?;
    }
    for layout in layouts {
        written(layout, Escapes::None, Around::LineFeed)?;
    }
    // As Go's encoder ends what it writes.
    written(Layout::Compact, Escapes::Html, Around::LineFeed)
}
