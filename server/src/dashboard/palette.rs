//! The shades of a platform's colour: for links and chosen controls, in both themes, on all that they stand on.
//!
//! A platform gives one colour. In the light theme it is darkened, in the dark one it is lightened, as far as is needed to
//! be read (WCAG 2.2, 1.4.3: 4.5 to 1), so that no colour makes a dashboard that some cannot use.

/// What text may stand on: `--sunk`, `--page`, `--surface`, `--raised` and `--hover` of the stylesheet, in each theme.
const LIGHT: [Colour; 4] = [rgb(0xeb_f0_f2), rgb(0xf4_f7_f8), rgb(0xff_ff_ff), rgb(0xee_f4_f6)];
const DARK: [Colour; 4] = [rgb(0x07_0d_11), rgb(0x0b_12_17), rgb(0x12_1a_1f), rgb(0x18_22_28)];
const WHITE: Colour = rgb(0xff_ff_ff);
const BLACK: Colour = rgb(0);
/// `--surface` and `--on-accent` of the dark theme, and its `--focus`, which is the lamp's and no platform's.
const DARK_SURFACE: Colour = rgb(0x12_1a_1f);
const ON_DARK_ACCENT: Colour = rgb(0x09_13_1a);
const DARK_FOCUS: Colour = rgb(0xfb_d2_3b);

/// How much text must stand out; a little more than 4.5, since colours are rounded.
const CONTRAST: f64 = 4.6;
/// What a tint may come to, so that all other text can be read on it as on the tints of the design: the luminance of
/// `--picked` in each theme.
const LIGHTEST_TINT: f64 = 0.83;
const DARKEST_TINT: f64 = 0.0215;

/// A colour: red, green and blue, from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

const fn rgb(number: u32) -> Colour {
    let [_, red, green, blue] = number.to_be_bytes();
    Colour([red, green, blue])
}

impl Colour {
    /// Reads `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        u32::from_str_radix(digits, 16).ok().map(rgb)
    }

    /// The luminance, from 0 to 1 (WCAG 2.2, “relative luminance”).
    fn luminance(self) -> f64 {
        let linear = self.0.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// How much two colours stand out from each other, from 1 to 21 (WCAG 2.2, “contrast ratio”).
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }

    /// So many hundredths of `other`, the rest of this one.
    fn mixed(self, other: Self, hundredths: u32) -> Self {
        let mut mixed = self;
        for (value, towards) in mixed.0.iter_mut().zip(other.0) {
            let sum = u32::from(*value) * (100 - hundredths) + u32::from(towards) * hundredths;
            *value = u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX);
        }
        mixed
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A colour in one theme.
#[derive(Debug, PartialEq)]
struct Shades {
    /// Links and chosen controls.
    accent: Colour,
    /// Under the pointer.
    strong: Colour,
    /// What lies under a chosen row.
    tint: Colour,
}

impl Shades {
    fn light(colour: Colour) -> Self {
        let tint = first(14, |part| WHITE.mixed(colour, 14 - part), |tint| tint.luminance() >= LIGHTEST_TINT);
        let readable = |shade: Colour| LIGHT.iter().chain([&tint]).all(|under| shade.contrast(*under) >= CONTRAST);
        let accent = first(100, |part| colour.mixed(BLACK, part), readable);
        Self { accent, strong: accent.mixed(BLACK, 30), tint }
    }

    fn dark(colour: Colour) -> Self {
        let tint = first(20, |part| DARK_SURFACE.mixed(colour, 20 - part), |tint| tint.luminance() <= DARKEST_TINT);
        let under: Vec<_> = DARK.into_iter().chain([tint, ON_DARK_ACCENT]).collect();
        let readable = |shade: Colour| under.iter().all(|under| shade.contrast(*under) >= CONTRAST);
        let accent = first(100, |part| colour.mixed(WHITE, part), readable);
        Self { accent, strong: accent.mixed(WHITE, 40), tint }
    }
}

/// The first of the shades, from 0 to `last`, that will do; the last one will.
fn first(last: u32, shade: impl Fn(u32) -> Colour, will_do: impl Fn(Colour) -> bool) -> Colour {
    (0..last).map(&shade).find(|shade| will_do(*shade)).unwrap_or_else(|| shade(last))
}

/// The rules that give the dashboard a platform's colour.
pub(super) fn rules(colour: Colour) -> String {
    let (light, dark) = (Shades::light(colour), Shades::dark(colour));
    let both = |light: Colour, dark: Colour| format!("light-dark({light}, {dark})");
    let accent = both(light.accent, dark.accent);
    let strong = both(light.strong, dark.strong);
    let tint = both(light.tint, dark.tint);
    let focus = both(light.accent, DARK_FOCUS);
    format!(
        ":root {{ --accent: {accent}; --accent-strong: {strong}; --accent-tint: {tint}; --picked: {tint}; --focus: {focus}; }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What else stands on a chosen row: `--text-faint` and `--bad`, the faintest of the text, in each theme.
    const ON_TINT: [[Colour; 2]; 2] = [[rgb(0x5a_67_6e), rgb(0xae_23_25)], [rgb(0x94_a1_a7), rgb(0xfb_8d_85)]];

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        // The examples of WCAG's own techniques: #777 on white is just too faint, #767676 is not.
        assert!(rgb(0x77_77_77).contrast(WHITE) < 4.5 && rgb(0x76_76_76).contrast(WHITE) > 4.5);
    }

    #[test]
    fn every_colour_can_be_read_in_both_themes() {
        // Each corner and the middles of the cube of colours, and greys.
        let steps = [0_u32, 0x1d, 0x5f, 0x80, 0xb0, 0xd1, 0xff];
        for (red, green, blue) in steps.iter().flat_map(|r| steps.iter().flat_map(move |g| steps.map(|b| (*r, *g, b))))
        {
            let colour = rgb(red << 16 | green << 8 | blue);
            let (light, dark) = (Shades::light(colour), Shades::dark(colour));
            for (shades, under, on) in [(&light, LIGHT, ON_TINT[0]), (&dark, DARK, ON_TINT[1])] {
                for ground in under.into_iter().chain([shades.tint]) {
                    assert!(shades.accent.contrast(ground) >= 4.5, "{colour}: {shades:?} on {ground}");
                    assert!(shades.strong.contrast(ground) >= 4.5, "{colour}: {shades:?} on {ground}");
                }
                for text in on {
                    assert!(text.contrast(shades.tint) >= 4.5, "{colour}: {text} on {}", shades.tint);
                }
            }
            assert!(light.accent.contrast(WHITE) >= 4.5 && dark.accent.contrast(ON_DARK_ACCENT) >= 4.5, "{colour}");
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let colour = Colour::parse("#1d5fd1").unwrap();
        assert_eq!(Shades::light(colour).accent, colour);
        assert_ne!(Shades::dark(colour).accent, colour);
        let rules = rules(colour);
        assert!(rules.starts_with(":root { --accent: light-dark(#1d5fd1, #"), "{rules}");
        assert!(Colour::parse("#12345").is_none() && Colour::parse("red").is_none());
    }
}
