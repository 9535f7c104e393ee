//! Writing JSON.

/// Writes a string (RFC 8259 §7).
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    // Most text needs no escape: copy it in runs.
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        let Some((run, after)) = rest.split_at_checked(at) else { break };
        out.push_str(run);
        let byte = after.as_bytes().first().copied().unwrap_or_default();
        rest = after.get(1..).unwrap_or_default();
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            control => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.push_str("\\u00");
                for digit in [control >> 4, control & 15] {
                    out.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'0')));
                }
            }
        }
    }
    out.push_str(rest);
    out.push('"');
}

/// Writes a name and its colon.
pub(crate) fn name(out: &mut String, name: &str) {
    string(out, name);
    out.push(':');
}
