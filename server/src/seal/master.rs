//! The master key: where it comes from, and how it is written.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    aead::{AES_256_GCM, RandomizedNonceKey},
    digest, hmac,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::entropy::Entropy;

/// The name of the master key's file in the data folder, where none is given.
pub const FILE: &str = "master.key";
/// The key that takes its place once the database is sealed with it.
const NEXT: &str = "master.key.next";
/// How many bytes it has.
const LENGTH: usize = 32;
/// How large a file may be that is read as a key, in bytes.
const LARGEST: u64 = 4096;

/// A master key: 256 random bits. It is never shown.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; LENGTH]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

/// What names a master key without telling anything of it: the beginning of a hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; Self::LENGTH]);

impl KeyId {
    /// How many bytes it has.
    pub const LENGTH: usize = 8;

    /// From the bytes that were written.
    #[must_use]
    pub fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes to write.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

/// 16 hexadecimal digits.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why there is no master key, in one sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidMasterKey(pub String);

impl fmt::Display for InvalidMasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidMasterKey {}

impl MasterKey {
    /// From its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self::from_bytes(entropy.bytes())
    }

    /// Reads a key as it is written: 32 bytes in base64 (44 characters) or in hexadecimal (64 digits).
    ///
    /// # Errors
    /// Says what a key looks like; never what the text was.
    pub fn parse(text: &str) -> Result<Self, InvalidMasterKey> {
        let text = text.trim();
        let bytes = Zeroizing::new(
            if text.len() == 2 * LENGTH { hexadecimal(text) } else { STANDARD.decode(text).ok() }.unwrap_or_default(),
        );
        let bytes: [u8; LENGTH] = bytes.as_slice().try_into().map_err(|_| {
            InvalidMasterKey(
                "a master key is 32 random bytes in base64 (44 characters) or hexadecimal (64 digits): `openssl rand -base64 32` makes one"
                    .into(),
            )
        })?;
        Ok(Self::from_bytes(bytes))
    }

    /// What names it.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(b"seinpost master key");
        hash.update(self.0.as_slice());
        let mut id = [0; KeyId::LENGTH];
        id.copy_from_slice(&hash.finish().as_ref()[..KeyId::LENGTH]);
        KeyId(id)
    }

    /// The key for marks: another than the one that seals.
    pub(super) fn marks(&self) -> hmac::Key {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(b"seinpost marks");
        hash.update(self.0.as_slice());
        hmac::Key::new(hmac::HMAC_SHA256, hash.finish().as_ref())
    }

    #[expect(
        clippy::expect_used,
        reason = "it fails for keys of another length only, and this has that length by its type"
    )]
    pub(super) fn cipher(&self) -> RandomizedNonceKey {
        RandomizedNonceKey::new(&AES_256_GCM, self.0.as_slice()).expect("a key of 32 bytes")
    }

    /// Reads a key from a file.
    ///
    /// # Errors
    /// Names the file and what is wrong with it.
    pub fn read(path: &Path) -> Result<Self, InvalidMasterKey> {
        let failed = |what: &dyn fmt::Display| InvalidMasterKey(format!("the master key {}: {what}", path.display()));
        let size = fs::metadata(path).map_err(|error| failed(&error))?.len();
        if size > LARGEST {
            return Err(failed(&format!("a file of {size} bytes is no master key")));
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| failed(&error))?);
        Self::parse(&text).map_err(|error| failed(&error))
    }

    /// Writes it into a new file that only this user can read, and onto the disk; a file that is there stays as it is.
    ///
    /// # Errors
    /// When there is a file already, or it cannot be written.
    pub fn write_new(&self, path: &Path) -> io::Result<()> {
        let mut options = fs::File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // Written beside, then given its name: nobody reads half a key.
        let draft = path.with_extension(format!("draft-{}", std::process::id()));
        let written = options.open(&draft).and_then(|mut file| {
            file.write_all(format!("{}\n", *Zeroizing::new(STANDARD.encode(self.0.as_slice()))).as_bytes())?;
            file.sync_all()?;
            fs::hard_link(&draft, path)
        });
        let _ = fs::remove_file(&draft);
        written?;
        sync_folder(path);
        Ok(())
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
            _ => None,
        })
        .collect()
}

/// A new name is on the disk once its folder is.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent() {
        // Where folders cannot be synced, the file system does it in its own time.
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Where the master key comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file that was named.
    File(PathBuf),
    /// The environment.
    Given(MasterKey),
    /// `master.key` in the data folder, made where there is none yet.
    Folder(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Given(_) => f.write_str("SEINPOST_MASTER_KEY"),
            Self::Folder(folder) => write!(f, "{}", folder.join(FILE).display()),
        }
    }
}

/// A key of a source that fits the database.
#[derive(Debug)]
pub enum Chosen {
    /// It is the one that the database was sealed with, or the database was not sealed yet.
    Fits(MasterKey),
    /// Another one.
    Another(MasterKey),
}

impl Source {
    /// The key of this source for a database that was sealed with the key `sealed_with`, or was not sealed yet.
    ///
    /// # Errors
    /// When there is no key, or it cannot be read or made.
    pub fn choose(&self, sealed_with: Option<KeyId>, entropy: &dyn Entropy) -> Result<Chosen, InvalidMasterKey> {
        let key = match self {
            Self::File(path) => MasterKey::read(path)?,
            Self::Given(key) => key.clone(),
            Self::Folder(folder) => return in_folder(folder, sealed_with, entropy),
        };
        Ok(fitting(key, sealed_with))
    }
}

fn fitting(key: MasterKey, sealed_with: Option<KeyId>) -> Chosen {
    match sealed_with {
        Some(id) if id != key.id() => Chosen::Another(key),
        _ => Chosen::Fits(key),
    }
}

fn in_folder(folder: &Path, sealed_with: Option<KeyId>, entropy: &dyn Entropy) -> Result<Chosen, InvalidMasterKey> {
    let (path, next) = (folder.join(FILE), folder.join(NEXT));
    // A change of keys that was cut short after the database was sealed anew: the new key takes its place now.
    if let Some(id) = sealed_with
        && next.exists()
        && MasterKey::read(&next)?.id() == id
    {
        replace(folder).map_err(|error| unwritable(&path, &error))?;
    }
    if path.exists() {
        return Ok(fitting(MasterKey::read(&path)?, sealed_with));
    }
    if let Some(id) = sealed_with {
        return Err(InvalidMasterKey(format!(
            "the database is sealed with the master key {id}, and {} is not there: put it back, or name the key with \
             --master-key or SEINPOST_MASTER_KEY",
            path.display()
        )));
    }
    let key = MasterKey::generate(entropy);
    match key.write_new(&path) {
        Ok(()) => Ok(Chosen::Fits(key)),
        // Another process was first.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Chosen::Fits(MasterKey::read(&path)?)),
        Err(error) => Err(unwritable(&path, &error)),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> InvalidMasterKey {
    InvalidMasterKey(format!("the master key {} cannot be written: {error}", path.display()))
}

/// Lays a new key beside the one in the data folder, to [take its place](replace) later. One that lies there already and was
/// never used gives way.
///
/// # Errors
/// When it cannot be written, or the one that lies there cannot be read or is the one that the database is `sealed_with`.
pub(crate) fn prepare(folder: &Path, key: &MasterKey, sealed_with: KeyId) -> Result<(), InvalidMasterKey> {
    let next = folder.join(NEXT);
    if next.exists() {
        if MasterKey::read(&next)?.id() == sealed_with {
            return Err(InvalidMasterKey(format!(
                "{} holds the master key that the database is sealed with: start the server once, which gives it its place",
                next.display()
            )));
        }
        fs::remove_file(&next).map_err(|error| unwritable(&next, &error))?;
    }
    key.write_new(&next).map_err(|error| unwritable(&next, &error))
}

/// Gives the key that was [prepared](prepare) the name of the one before it.
///
/// # Errors
/// When it cannot be renamed.
pub(crate) fn replace(folder: &Path) -> io::Result<()> {
    let path = folder.join(FILE);
    fs::rename(folder.join(NEXT), &path)?;
    sync_folder(&path);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn keys_are_read_as_base64_and_hexadecimal() {
        let hex = "00".repeat(31) + "Ff";
        let key = MasterKey::parse(&hex).unwrap();
        assert_eq!(key.0[31], 255);
        assert_eq!(MasterKey::parse(&format!(" {}\n", STANDARD.encode(key.0.as_slice()))).unwrap().id(), key.id());
        for wrong in ["", "short", &hex[1..], &("zz".repeat(32)), &STANDARD.encode([1; 31])] {
            let error = MasterKey::parse(wrong).unwrap_err().to_string();
            assert!(error.starts_with("a master key is 32 random bytes"), "{error}");
            assert!(wrong.is_empty() || !error.contains(wrong), "{error}");
        }
        assert!(!format!("{key:?} {}", key.id()).contains("00000000"), "{key:?}");
    }

    #[test]
    fn the_first_start_makes_a_key_for_this_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::Folder(folder.path().to_owned());
        let Chosen::Fits(key) = source.choose(None, &SystemEntropy).unwrap() else { panic!("made") };
        let Chosen::Fits(again) = source.choose(Some(key.id()), &SystemEntropy).unwrap() else { panic!("read") };
        assert_eq!(key.id(), again.id());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [FILE], "nothing else is left");
        assert_eq!(key.write_new(&folder.path().join(FILE)).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn a_sealed_database_gets_no_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::Folder(folder.path().to_owned());
        let other = MasterKey::from_bytes([1; 32]);
        let error = source.choose(Some(other.id()), &SystemEntropy).unwrap_err().to_string();
        assert!(error.contains(&other.id().to_string()) && error.contains("is not there"), "{error}");
        assert!(!folder.path().join(FILE).exists());
        assert!(matches!(
            Source::Given(MasterKey::from_bytes([2; 32])).choose(Some(other.id()), &SystemEntropy),
            Ok(Chosen::Another(_))
        ));
    }

    #[test]
    fn a_change_of_keys_that_was_cut_short_is_finished_or_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::Folder(folder.path().to_owned());
        let Chosen::Fits(old) = source.choose(None, &SystemEntropy).unwrap() else { panic!("made") };
        let new = MasterKey::from_bytes([7; 32]);
        prepare(folder.path(), &new, old.id()).unwrap();
        // The database was not sealed anew yet.
        assert!(matches!(source.choose(Some(old.id()), &SystemEntropy), Ok(Chosen::Fits(key)) if key.id() == old.id()));
        // It was: the new key is taken, and stands in its place.
        assert!(matches!(source.choose(Some(new.id()), &SystemEntropy), Ok(Chosen::Fits(key)) if key.id() == new.id()));
        assert_eq!(MasterKey::read(&folder.path().join(FILE)).unwrap().id(), new.id());
        assert!(!folder.path().join(NEXT).exists());
    }

    #[test]
    fn a_key_that_waits_for_its_place_gives_way_only_if_it_was_never_used() {
        let folder = tempfile::tempdir().unwrap();
        let next = folder.path().join(NEXT);
        let [old, unused, used] = [1, 2, 3].map(|byte| MasterKey::from_bytes([byte; 32]));
        prepare(folder.path(), &unused, old.id()).unwrap();
        prepare(folder.path(), &used, old.id()).unwrap();
        assert_eq!(MasterKey::read(&next).unwrap().id(), used.id());
        let error = prepare(folder.path(), &unused, used.id()).unwrap_err().to_string();
        assert!(error.contains("start the server once"), "{error}");
        assert_eq!(MasterKey::read(&next).unwrap().id(), used.id());
        // Nor if nobody can tell which it is.
        fs::write(&next, "half a k").unwrap();
        prepare(folder.path(), &unused, old.id()).unwrap_err();
        assert!(next.exists());
    }
}
