//! Numbers as each language writes them.

use seinpost_protocol::rest::grouped;

use super::Language;

impl Language {
    /// A whole number, its thousands apart: `184,339`, in Dutch `184.339`.
    pub(crate) fn number(self, number: u64) -> String {
        let separator = match self {
            Self::English => ',',
            Self::Dutch => '.',
        };
        grouped(number, separator)
    }

    /// A number of tenths with its one decimal: 4 is `0.4`, in Dutch `0,4`.
    pub(crate) fn tenths(self, tenths: u64) -> String {
        let point = match self {
            Self::English => '.',
            Self::Dutch => ',',
        };
        format!("{}{point}{}", self.number(tenths / 10), tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, english, dutch) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1000, "1,000", "1.000"),
            (184_339, "184,339", "184.339"),
            (u64::MAX, "18,446,744,073,709,551,615", "18.446.744.073.709.551.615"),
        ] {
            assert_eq!(Language::English.number(number), english);
            assert_eq!(Language::Dutch.number(number), dutch);
        }
        assert_eq!(Language::English.tenths(12_345), "1,234.5");
        assert_eq!(Language::Dutch.tenths(4), "0,4");
    }
}
