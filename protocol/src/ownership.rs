//! Proving that a callback URL is one's own: the verification file (protocol §3).

/// The name of a verification file: `smtpeter-XXXXX.txt`, with five letters and digits drawn by `random`.
#[must_use]
pub fn file_name(random: [u8; 5]) -> String {
    format!("smtpeter-{}.txt", letters(&random))
}

/// The content of a verification file: one line that no other webhook's file has, drawn by `random`.
#[must_use]
pub fn file_content(random: [u8; 24]) -> String {
    format!("smtpeter-verification={}", letters(&random))
}

/// One character a byte: letters and digits that cannot be taken for one another. A byte gives 5 bits or a little
/// more, so that 24 of them are beyond guessing.
fn letters(random: &[u8]) -> String {
    const ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    random.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}

/// The URLs at which the file `name` is looked for: beside the script, then in the web server's root; one, where
/// they are the same.
///
/// `callback` is a URL in the normal form of the WHATWG URL standard. Its query and fragment play no part; userinfo
/// does, as it is what opens the door.
#[must_use]
pub fn locations(callback: &str, name: &str) -> Vec<String> {
    let bare = &callback[..callback.find(['?', '#']).unwrap_or(callback.len())];
    let authority = bare.find("://").map_or(0, |at| at + 3);
    let path = bare[authority..].find('/').map_or(bare.len(), |at| authority + at);
    let origin = &bare[..path];
    let folder = bare[path..].rfind('/').map_or(origin, |at| &bare[..path + at]);
    let mut found = vec![format!("{folder}/{name}")];
    if folder != origin {
        found.push(format!("{origin}/{name}"));
    }
    found
}

/// Whether what came back is the file: equal to `content`, surrounding white space and a byte order mark aside.
#[must_use]
pub fn matches(content: &str, body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.trim_ascii() == content.as_bytes().trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_the_script_then_in_the_root() {
        let name = "smtpeter-k4W9x.txt";
        for (url, expected) in [
            (
                "https://example.com/dir/script.php",
                vec!["https://example.com/dir/smtpeter-k4W9x.txt", "https://example.com/smtpeter-k4W9x.txt"],
            ),
            ("https://example.com/script.php", vec!["https://example.com/smtpeter-k4W9x.txt"]),
            ("https://example.com/", vec!["https://example.com/smtpeter-k4W9x.txt"]),
            ("https://example.com", vec!["https://example.com/smtpeter-k4W9x.txt"]),
            (
                "https://example.com/dir/",
                vec!["https://example.com/dir/smtpeter-k4W9x.txt", "https://example.com/smtpeter-k4W9x.txt"],
            ),
            (
                "https://example.com:8443/a/b?next=/c/d#e/f",
                vec!["https://example.com:8443/a/smtpeter-k4W9x.txt", "https://example.com:8443/smtpeter-k4W9x.txt"],
            ),
            ("https://example.com?to=https://other.example/x", vec!["https://example.com/smtpeter-k4W9x.txt"]),
        ] {
            assert_eq!(locations(url, name), expected, "{url}");
        }
    }

    #[test]
    fn nothing_that_is_no_url_panics() {
        for odd in ["", "/", "://", "a", "é/ö", "https://", "?", "#/"] {
            assert!(!locations(odd, "f").is_empty(), "{odd}");
        }
    }

    #[test]
    fn white_space_and_a_byte_order_mark_do_not_matter() {
        let content = file_content([7; 24]);
        for body in
            [content.clone(), format!("{content}\n"), format!("\r\n {content} \t"), format!("\u{feff}{content}\r\n")]
        {
            assert!(matches(&content, body.as_bytes()), "{body:?}");
        }
        for body in ["", "smtpeter-verification=", "<html>", &content[1..], &format!("{content}x")] {
            assert!(!matches(&content, body.as_bytes()), "{body:?}");
        }
    }

    #[test]
    fn the_name_has_five_characters() {
        assert_eq!(file_name([0, 1, 2, 255, 56]), "smtpeter-234Vz.txt");
    }
}
