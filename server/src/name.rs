//! Names that people give: of environments, tokens and themselves.

/// How many characters a name has at most.
pub const MOST: usize = 100;

/// A name without white space around it.
///
/// # Errors
/// What a name is, for one that is none.
pub fn read(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > MOST || name.chars().any(char::is_control) {
        return Err(format!("1 to {MOST} characters, none of them a control character"));
    }
    Ok(name.to_owned())
}
