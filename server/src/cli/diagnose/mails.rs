//! The mails in a file, a mailbox or a folder.

use std::{
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
};

use super::Failed;

/// A mail, and what to call it.
pub(super) struct Mail<'a> {
    pub(super) name: String,
    pub(super) bytes: &'a [u8],
}

/// Hands on the mails at a path one after another; of a folder those of its files and folders, in the order of their
/// names, but for hidden ones.
///
/// # Errors
/// When something there cannot be read, with its path; and what `take` says.
pub(super) fn each(path: &Path, take: &mut impl FnMut(Mail<'_>) -> Result<(), Failed>) -> Result<(), Failed> {
    // Depth first, without recursion: how deep the folders go is not ours to say.
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        if path.as_os_str() != "-" && fs::metadata(&path).map_err(at(&path))?.is_dir() {
            open.extend(inside(&path)?);
        } else {
            in_file(&path, take)?;
        }
    }
    Ok(())
}

/// What is in a folder, the last first.
fn inside(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let entry = entry.map_err(at(folder))?;
        // A link to a folder could lead round in circles.
        let loops = entry.file_type().is_ok_and(|kind| kind.is_symlink()) && entry.path().is_dir();
        if !loops && !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable_by(|one, other| other.cmp(one));
    Ok(paths)
}

fn in_file(path: &Path, take: &mut impl FnMut(Mail<'_>) -> Result<(), Failed>) -> Result<(), Failed> {
    let bytes = read(path).map_err(at(path))?;
    let name = path.display().to_string();
    let starts = separators(&bytes);
    if starts.len() < 2 {
        return take(Mail { name, bytes: &bytes });
    }
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    for (index, (start, end)) in starts.iter().zip(ends).enumerate() {
        take(Mail { name: format!("{name}:{}", index + 1), bytes: bytes.get(*start..end).unwrap_or_default() })?;
    }
    Ok(())
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn at(path: &Path) -> impl Fn(io::Error) -> Failed {
    move |error| Failed(format!("{} cannot be read: {error}", path.display()))
}

/// Where the mails of an mbox begin: at "From " at the start of the file, and after a blank line (RFC 4155).
fn separators(bytes: &[u8]) -> Vec<usize> {
    const FROM: &[u8] = b"From ";
    if !bytes.starts_with(FROM) {
        return Vec::new();
    }
    let mut found = vec![0];
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        let before = bytes.get(..at).unwrap_or_default();
        let blank = before.ends_with(b"\n") || before.ends_with(b"\n\r");
        if blank && bytes.get(at + 1..).is_some_and(|rest| rest.starts_with(FROM)) {
            found.push(at + 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_cut_at_its_separators_alone() {
        let box_ = b"From a\nSubject: x\n\nFrom here on\nmore From b\n\nFrom c\r\n\r\nFrom d\n";
        assert_eq!(separators(box_), [0, 19, 45, 55]);
        assert!(separators(b"Subject: x\n\nFrom a\n\nFrom b\n").is_empty());
    }
}
