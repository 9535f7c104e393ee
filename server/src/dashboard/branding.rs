//! How a platform makes the dashboard look like its own.

use std::path::Path;

use bytes::Bytes;

use super::palette::{self, Colour};

/// Where the logo of the platform is.
pub const LOGO: &str = "/branding/logo";
/// Where the colour of the platform is, and the size of its logo.
pub(super) const STYLE: &str = "/branding/style.css";

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

impl Branding {
    /// Whether any page may hold the dashboard in a frame.
    #[must_use]
    pub fn may_be_framed(&self) -> bool {
        !self.frame_ancestors.is_empty()
    }

    /// Whether there is anything to say in a stylesheet.
    fn is_styled(&self) -> bool {
        self.accent.is_some() || self.logo.is_some()
    }

    /// The stylesheet that follows the dashboard's own; `None` where there is nothing to say.
    pub(super) fn stylesheet(&self) -> Option<String> {
        let colours = self.accent.as_deref().and_then(Colour::parse).map(palette::rules);
        let logo =
            self.logo.is_some().then_some(".brand__logo { height: 1.75rem; max-width: 10rem; object-fit: contain; }\n");
        self.is_styled().then(|| colours.unwrap_or_default() + logo.unwrap_or_default())
    }

    /// The page, with the platform's name and logo in the place of ours. The dashboard takes both from the page as it starts.
    pub(super) fn page(&self, mut page: String) -> String {
        let name = self.name.as_deref().map(escaped);
        if let Some(name) = &name {
            replace(&mut page, "<title>", "</title>", &format!("<title>{name}"));
            replace(&mut page, "aria-label=\"Seinpost", "\"", &format!("aria-label=\"{name}"));
            insert(&mut page, &format!("<meta name=\"application-name\" content=\"{name}\">"));
        }
        if self.logo.is_some() {
            replace(&mut page, "<link rel=\"icon\"", ">", &format!("<link rel=\"icon\" href=\"{LOGO}\""));
        }
        let brand = match (name, &self.logo) {
            (None, None) => None,
            (Some(name), None) => Some(name),
            // The name beside it says whose it is.
            (Some(name), Some(_)) => Some(format!("<img class=\"brand__logo\" src=\"{LOGO}\" alt=\"\">{name}")),
            (None, Some(_)) => Some(format!("<img class=\"brand__logo\" src=\"{LOGO}\" alt=\"Seinpost\">")),
        };
        if let Some(brand) = brand {
            replace(&mut page, BRAND, "</p>", &format!("{BRAND}{brand}"));
        }
        if self.is_styled() {
            insert(&mut page, &format!("<link rel=\"stylesheet\" href=\"{STYLE}\">"));
        }
        page
    }
}

/// Where the mark and the name stand in the page.
const BRAND: &str = "<p class=\"brand\">";

/// Puts `text` in the place of the first `from` and of what follows it, up to `until`.
fn replace(page: &mut String, from: &str, until: &str, text: &str) {
    if let Some(begin) = page.find(from)
        && let Some(length) = page[begin + from.len()..].find(until)
    {
        page.replace_range(begin..begin + from.len() + length, text);
    }
}

/// Puts an element at the end of the page's head.
pub(super) fn insert(page: &mut String, element: &str) {
    if let Some(at) = page.find("</head>") {
        page.insert_str(at, element);
    }
}

/// Text as it stands in HTML, also within quotation marks.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head><title>Seinpost</title><link rel=\"icon\" href=\"/mark.svg\"></head><p class=\"brand\">\
        <svg></svg>Seinpost</p><progress aria-label=\"Seinpost\"></progress>";

    fn logo() -> Option<Logo> {
        Some(Logo { media_type: "image/png", bytes: Bytes::from_static(b"png") })
    }

    #[test]
    fn without_branding_the_page_stays_as_it_is() {
        assert_eq!(Branding::default().page(PAGE.into()), PAGE);
        assert_eq!(Branding::default().stylesheet(), None);
    }

    #[test]
    fn name_logo_and_colour_stand_in_the_page() {
        let name = Some("A <b> & \"C\"".to_owned());
        let branding = Branding { name, logo: logo(), accent: Some("#1d5fd1".into()), ..Branding::default() };
        assert_eq!(
            branding.page(PAGE.into()),
            "<head><title>A &lt;b&gt; &amp; &quot;C&quot;</title><link rel=\"icon\" href=\"/branding/logo\">\
             <meta name=\"application-name\" content=\"A &lt;b&gt; &amp; &quot;C&quot;\">\
             <link rel=\"stylesheet\" href=\"/branding/style.css\"></head><p class=\"brand\">\
             <img class=\"brand__logo\" src=\"/branding/logo\" alt=\"\">A &lt;b&gt; &amp; &quot;C&quot;</p>\
             <progress aria-label=\"A &lt;b&gt; &amp; &quot;C&quot;\"></progress>"
        );
        let style = branding.stylesheet().unwrap();
        assert!(style.contains("--accent: light-dark(#1d5fd1") && style.contains(".brand__logo"), "{style}");
    }

    #[test]
    fn one_of_them_leaves_the_others() {
        let named = Branding { name: Some("Mail".into()), ..Branding::default() };
        let page = named.page(PAGE.into());
        assert!(page.contains("<p class=\"brand\">Mail</p>") && !page.contains("/branding/"), "{page}");
        let with_logo = Branding { logo: logo(), ..Branding::default() };
        let page = with_logo.page(PAGE.into());
        assert!(page.contains("alt=\"Seinpost\"></p>") && page.contains("<title>Seinpost</title>"), "{page}");
        assert!(!page.contains("application-name"), "{page}");
    }
}
