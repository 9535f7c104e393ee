//! Long lists, of which only the rows near what is in sight are drawn.

use std::ops::Range;

use gloo_events::EventListener;
use yew::prelude::*;

/// Up to so many rows, all are drawn.
const ALL: usize = 150;
/// So many rows are drawn of a longer list.
const DRAWN: usize = 80;
/// The height of a row until it is known, in pixels.
const GUESS: f64 = 56.0;

/// What is drawn of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Window {
    /// The rows.
    pub(crate) rows: Range<usize>,
    /// The height that stands for the rows before them, and for those after them, in pixels.
    pub(crate) before: u32,
    pub(crate) after: u32,
}

impl Window {
    /// The rows around the one that stands at the top of what is in sight.
    fn around(top: usize, count: usize, height: f64) -> Self {
        if count <= ALL {
            return Self { rows: 0..count, before: 0, after: 0 };
        }
        // Steps of some rows, so that not every pixel draws anew.
        let start = (top.saturating_sub(DRAWN / 4) / 10 * 10).min(count - DRAWN);
        let end = start + DRAWN;
        Self { rows: start..end, before: pixels(start, height), after: pixels(count - end, height) }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "rows of a list and pixels of a page are far below 2^32"
)]
fn pixels(rows: usize, height: f64) -> u32 {
    (rows as f64 * height) as u32
}

/// What is drawn of a list of `count` rows; the node is the `tbody` (or what else holds the rows and nothing else).
#[hook]
pub(crate) fn use_window(count: usize) -> (Window, NodeRef) {
    let body = use_node_ref();
    let window = use_state_eq(|| Window::around(0, count, GUESS));
    let is_long = count > ALL;
    use_effect_with((count, is_long), {
        let (window, body) = (window.clone(), body.clone());
        move |(count, is_long)| {
            let count = *count;
            let look = move || {
                let Some(element) = body.cast::<web_sys::Element>() else { return };
                let bounds = element.get_bounding_client_rect();
                let height = if count > 0 && bounds.height() > 0.0 {
                    #[expect(clippy::cast_precision_loss, reason = "rows of a list")]
                    let rows = count as f64;
                    (bounds.height() / rows).max(8.0)
                } else {
                    GUESS
                };
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
                let top = ((-bounds.top()).max(0.0) / height) as usize;
                window.set(Window::around(top.min(count), count, height));
            };
            look();
            let listener =
                web_sys::window().filter(|_| *is_long).map(|page| EventListener::new(&page, "scroll", move |_| look()));
            move || drop(listener)
        }
    });
    // A list that has just become shorter is not drawn beyond its end.
    let fits = window.rows.end <= count && (is_long || window.rows == (0..count));
    let shown = if fits { (*window).clone() } else { Window::around(window.rows.start, count, GUESS) };
    (shown, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_drawn_whole() {
        assert_eq!(Window::around(3, ALL, GUESS), Window { rows: 0..ALL, before: 0, after: 0 });
        assert_eq!(Window::around(0, 0, GUESS).rows, 0..0);
    }

    #[test]
    fn a_long_list_is_drawn_around_what_is_in_sight() {
        for top in [0, 5, 100, 5_000, 9_990, 20_000] {
            let window = Window::around(top, 10_000, 40.0);
            assert_eq!(window.rows.len(), DRAWN);
            assert!(window.rows.end <= 10_000);
            assert!(window.rows.contains(&top.min(9_999)), "{top} {window:?}");
            let drawn = u32::try_from(DRAWN).unwrap() * 40;
            assert_eq!(window.before + window.after + drawn, 400_000);
        }
    }
}
