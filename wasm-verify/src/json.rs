//! Writing JSON.

/// Writes a string (RFC 8259 §7).
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    // Most text needs no escape: copy it in runs.
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(text.get(start..at).unwrap_or_default());
        start = at + 1;
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
    out.push_str(text.get(start..).unwrap_or_default());
    out.push('"');
}

/// Writes a name and its colon.
pub(crate) fn name(out: &mut String, name: &str) {
    string(out, name);
    out.push(':');
}
