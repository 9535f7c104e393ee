//! The tables of rules as they are compiled in: the columns that rules are made of, without comments, examples and
//! origins, which are for people and for tests and would be a third of the module that a browser loads.

/// The columns that are kept.
const COLUMNS: usize = 4;

/// How long a table is with only what is kept.
pub(super) const fn length(table: &[u8]) -> usize {
    let (mut at, mut column, mut length) = (0, 0, 0);
    while at < table.len() {
        (column, length) = step(table, at, column, length);
        at += 1;
    }
    length
}

/// A table with only what is kept; `LENGTH` is what [`length`] says.
pub(super) const fn kept<const LENGTH: usize>(table: &[u8]) -> [u8; LENGTH] {
    let mut kept = [0; LENGTH];
    let (mut at, mut column, mut length) = (0, 0, 0);
    while at < table.len() {
        let before = length;
        (column, length) = step(table, at, column, length);
        if length > before {
            kept[before] = table[at];
        }
        at += 1;
    }
    kept
}

/// The column after a byte, and the length with the byte if it is kept.
const fn step(table: &[u8], at: usize, column: usize, length: usize) -> (usize, usize) {
    let byte = table[at];
    let starts = at == 0 || table[at - 1] == b'\n';
    let column = match byte {
        b'#' if starts => COLUMNS,
        b'\t' => column + 1,
        _ => column,
    };
    match byte {
        // The end of a comment is no line of its own.
        b'\n' if length == 0 => (0, length),
        b'\n' => (0, length + 1),
        _ if column < COLUMNS => (column, length + 1),
        _ => (column, length),
    }
}

/// The text of a table under `rules/`, with only what is kept.
macro_rules! table {
    ($name:literal) => {{
        const SOURCE: &[u8] = include_bytes!(concat!("rules/", $name, ".tsv"));
        const KEPT: [u8; $crate::mail::table::length(SOURCE)] = $crate::mail::table::kept(SOURCE);
        const TEXT: &str = match std::str::from_utf8(&KEPT) {
            Ok(text) => text,
            Err(_) => panic!("a table is not UTF-8"),
        };
        TEXT
    }};
}
pub(super) use table;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_people_is_left_out() {
        const SOURCE: &[u8] =
            b"# a\tcomment\nfull\t8\t-\tis full\tThe mailbox is full\tmany\n# more\nmoved\t7\t-\tx\ty\tz\n";
        const KEPT: [u8; length(SOURCE)] = kept(SOURCE);
        assert_eq!(&KEPT[..], b"full\t8\t-\tis full\n\nmoved\t7\t-\tx\n");
    }
}
