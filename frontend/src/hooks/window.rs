//! Long lists, of which only the rows near what is in sight are drawn.

use std::ops::Range;

use gloo_events::EventListener;
use yew::prelude::*;

/// So many rows are drawn beyond those in sight, above and below.
const MARGIN: usize = 10;
/// The start of what is drawn moves by so many rows, so that not every pixel draws anew.
const STEP: usize = 5;
/// The height of a row until it is known, in pixels.
const GUESS: f64 = 56.0;
/// The height of what is in sight, where the browser does not tell, in pixels.
const SIGHT: f64 = 1000.0;
/// A screen holds more rows of the least height than this at no size.
const MOST: usize = 200;

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
    /// The rows around the one that stands at the top of what is in sight: as many as there is room for, and some more.
    fn around(top: usize, room: usize, count: usize, height: f64) -> Self {
        let drawn = room.min(MOST) + 2 * MARGIN + STEP;
        if count <= drawn {
            return Self { rows: 0..count, before: 0, after: 0 };
        }
        let start = (top.saturating_sub(MARGIN) / STEP * STEP).min(count - drawn);
        let end = start + drawn;
        Self { rows: start..end, before: pixels(start, height), after: pixels(count - end, height) }
    }
}

/// How many rows of a height there is room for.
fn room(height: f64) -> usize {
    let sight = web_sys::window().and_then(|page| page.inner_height().ok()).and_then(|height| height.as_f64());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few rows, and not negative")]
    let rows = (sight.unwrap_or(SIGHT) / height).ceil().max(1.0) as usize;
    rows
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
    let found = use_state_eq(|| (count, Window::around(0, room(GUESS), count, GUESS)));
    // What stands on the page, and how high a row of it was.
    let drawn = use_mut_ref(|| (found.1.clone(), None::<f64>));
    let shown = if found.0 == count {
        found.1.clone()
    } else {
        // A list that has just become longer or shorter: about where it was, until the page is looked at.
        let (before, height) = &*drawn.borrow();
        let top = if before.before == 0 { 0 } else { before.rows.start + MARGIN };
        let height = height.unwrap_or(GUESS);
        Window::around(top.min(count), room(height), count, height)
    };
    drawn.borrow_mut().0.clone_from(&shown);
    use_effect_with(count, {
        let body = body.clone();
        move |count| {
            let count = *count;
            let look = move |anew: bool| {
                let Some(element) = body.cast::<web_sys::Element>() else { return };
                let bounds = element.get_bounding_client_rect();
                let mut drawn = drawn.borrow_mut();
                let fillers = f64::from(drawn.0.before) + f64::from(drawn.0.after);
                #[expect(clippy::cast_precision_loss, reason = "rows of a list")]
                let rows = drawn.0.rows.len() as f64;
                // Measured once, and anew where the width changes: rows that are higher than others must not move the page.
                if (anew || drawn.1.is_none()) && rows > 0.0 && bounds.height() > fillers {
                    drawn.1 = Some(((bounds.height() - fillers) / rows).max(8.0));
                }
                let height = drawn.1.unwrap_or(GUESS);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
                let top = ((-bounds.top()).max(0.0) / height) as usize;
                found.set((count, Window::around(top.min(count), room(height), count, height)));
            };
            look(false);
            let listeners = web_sys::window().map(|page| {
                let again = look.clone();
                [
                    EventListener::new(&page, "scroll", move |_| look(false)),
                    EventListener::new(&page, "resize", move |_| again(true)),
                ]
            });
            move || drop(listeners)
        }
    });
    (shown, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_drawn_whole() {
        assert_eq!(Window::around(3, 20, 45, GUESS), Window { rows: 0..45, before: 0, after: 0 });
        assert_eq!(Window::around(0, 20, 0, GUESS).rows, 0..0);
        assert_eq!(Window::around(0, usize::MAX, 100, GUESS).rows, 0..100);
    }

    #[test]
    fn a_long_list_is_drawn_around_what_is_in_sight() {
        for top in [0, 5, 14, 100, 5_000, 9_990, 20_000] {
            let window = Window::around(top, 20, 10_000, 40.0);
            assert_eq!(window.rows.len(), 45);
            assert!(window.rows.end <= 10_000);
            // All that is in sight, with some rows to scroll into.
            let first = top.min(9_999);
            assert!(window.rows.contains(&first), "{top} {window:?}");
            assert!(window.rows.contains(&(first + 20).min(9_999)), "{top} {window:?}");
            let drawn = u32::try_from(window.rows.len()).unwrap() * 40;
            assert_eq!(window.before + window.after + drawn, 400_000);
        }
    }
}
