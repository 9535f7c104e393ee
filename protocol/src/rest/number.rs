//! Numbers as people read them.

/// A whole number, its thousands apart: `604,801` with a comma.
///
/// ```
/// assert_eq!(seinpost_protocol::rest::grouped(604_801, ','), "604,801");
/// ```
#[must_use]
pub fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(separator);
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(
            [7, 999, 1000, 604_801, 1_234_567].map(|number| grouped(number, ',')),
            ["7", "999", "1,000", "604,801", "1,234,567"]
        );
    }
}
