//! How a platform makes the dashboard look like its own.

use std::path::Path;

use bytes::Bytes;

/// How large a logo may be, in bytes.
const MAX_LOGO: u64 = 256 * 1024;

/// A platform's own name, logo and colour, and which of its pages may hold the dashboard in a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branding {
    /// The name that stands in the dashboard instead of Seinpost.
    pub name: Option<String>,
    /// The logo.
    pub logo: Option<Logo>,
    /// The colour of links and chosen controls: `#rrggbb`.
    pub accent: Option<String>,
    /// Origins whose pages may hold the dashboard in a frame, as in CSP.
    pub frame_ancestors: Vec<String>,
}

/// An image, read at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Its media type.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Bytes,
}

impl Logo {
    /// Reads an image.
    ///
    /// # Errors
    /// Says in a sentence why it cannot be used.
    pub fn read(path: &Path) -> Result<Self, String> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let media_type = match extension.to_ascii_lowercase().as_str() {
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "webp" => "image/webp",
            "jpg" | "jpeg" => "image/jpeg",
            _ => return Err("an image whose name ends in .svg, .png, .webp or .jpg".into()),
        };
        let failed = |error: std::io::Error| format!("the file cannot be read: {error}");
        let size = std::fs::metadata(path).map_err(failed)?.len();
        if size > MAX_LOGO {
            return Err(format!("the file has {size} bytes; a logo may have {MAX_LOGO}"));
        }
        Ok(Self { media_type, bytes: std::fs::read(path).map_err(failed)?.into() })
    }
}
