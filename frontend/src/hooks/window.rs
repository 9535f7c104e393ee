//! Long lists, of which only the rows near what is in sight are drawn.

use std::ops::Range;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// So many rows are drawn beyond those in sight, above and below.
const MARGIN: usize = 10;
/// The start of what is drawn moves by so many rows, so that not every pixel draws anew.
const STEP: usize = 5;
/// The height of what is in sight, where the browser does not tell, in pixels.
const SIGHT: f64 = 1000.0;
/// The height of what stands above a list until it is known, in pixels.
const ABOVE: f64 = 240.0;
/// When a list was drawn anew, what is beyond sight is drawn so many milliseconds later: what is seen comes first, and on a
/// slow processor the first key press too. Who scrolls before has it at once.
const LATER: u32 = 1000;
/// A screen holds more rows of the least height than this at no size.
const MOST: usize = 200;
/// No row is lower than this, in pixels.
const LEAST: f64 = 8.0;

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
    /// The first rows, as many as `space` pixels hold and no more, each as high as it is thought to be; at least one.
    fn in_sight(space: f64, count: usize, height: impl Fn(usize) -> f64) -> Self {
        let (mut end, mut taken) = (0, 0.0);
        while end < count.min(MOST) && (end == 0 || taken < space) {
            taken += height(end);
            end += 1;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most MOST rows")]
        let mean = taken / end.max(1) as f64;
        Self { rows: 0..end, before: 0, after: pixels(count - end, mean) }
    }

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

/// How high what is in sight is, in pixels.
fn sight() -> f64 {
    let height = web_sys::window().and_then(|page| page.inner_height().ok()).and_then(|height| height.as_f64());
    height.unwrap_or(SIGHT)
}

/// How many rows of a height there is room for.
fn room(height: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few rows, and not negative")]
    let rows = (sight() / height).ceil().max(1.0) as usize;
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
/// `guess` tells how high a row is thought to be until one is measured, in pixels: of rows that are guessed too low more
/// are drawn at first than can be seen, and of those too high the last that can be seen come a moment later.
#[hook]
pub(crate) fn use_window(count: usize, guess: impl Fn(usize) -> f64) -> (Window, NodeRef) {
    let body = use_node_ref();
    let found = use_state_eq(|| (0_u32, Window::in_sight(sight() - ABOVE, count, &guess)));
    let drawn = use_mut_ref(|| Drawn { list: 0, count, window: found.1.clone(), height: None, above: ABOVE });
    drawn.borrow_mut().of(count);
    let Drawn { list, .. } = *drawn.borrow();
    let shown = if found.0 == list { found.1.clone() } else { drawn.borrow().about(count, &guess) };
    drawn.borrow_mut().window.clone_from(&shown);
    use_effect_with((list, count), {
        let body = body.clone();
        move |&(list, count)| {
            let look = {
                let drawn = drawn.clone();
                move |anew: bool| {
                    let Some(element) = body.cast::<web_sys::Element>() else { return };
                    let bounds = element.get_bounding_client_rect();
                    let mut drawn = drawn.borrow_mut();
                    drawn.measure(&bounds, anew);
                    // Nothing of it is laid out: it is empty, or hidden.
                    let Some(height) = drawn.height else { return };
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
                    let top = ((-drawn.above).max(0.0) / height) as usize;
                    found.set((list, Window::around(top.min(count), room(height), count, height)));
                }
            };
            // Somewhere in the midst of the list what is in sight is not known before the page is looked at.
            let scrolled = drawn.borrow().window.before > 0;
            let later = if scrolled {
                look(false);
                None
            } else {
                let look = look.clone();
                Some(Timeout::new(LATER, move || look(false)))
            };
            let listeners = web_sys::window().map(|page| {
                let again = look.clone();
                [
                    EventListener::new(&page, "scroll", move |_| look(false)),
                    EventListener::new(&page, "resize", move |_| again(true)),
                ]
            });
            move || drop((later, listeners))
        }
    });
    (shown, body)
}

/// What stands on the page.
struct Drawn {
    /// Which list it is: another one with each change of the count.
    list: u32,
    count: usize,
    window: Window,
    /// How high a row of it was, in pixels.
    height: Option<f64>,
    /// How far below the top of what is in sight the list begins, in pixels; negative where it is scrolled past that.
    above: f64,
}

impl Drawn {
    /// It is a list of so many rows now.
    fn of(&mut self, count: usize) {
        if self.count != count {
            (self.list, self.count) = (self.list.wrapping_add(1), count);
        }
    }

    /// About where it was, for a list that has just become longer or shorter, until the page is looked at.
    fn about(&self, count: usize, guess: impl Fn(usize) -> f64) -> Window {
        match self.height {
            Some(height) if self.window.before > 0 => {
                Window::around((self.window.rows.start + MARGIN).min(count), room(height), count, height)
            }
            known => Window::in_sight(sight() - self.above.max(0.0), count, |row| known.unwrap_or_else(|| guess(row))),
        }
    }

    /// Measures a row once, and `anew` where the width changed: rows that are higher than others must not move the page.
    fn measure(&mut self, bounds: &web_sys::DomRect, anew: bool) {
        self.above = bounds.top();
        let fillers = f64::from(self.window.before) + f64::from(self.window.after);
        #[expect(clippy::cast_precision_loss, reason = "rows of a list")]
        let rows = self.window.rows.len() as f64;
        if (anew || self.height.is_none()) && rows > 0.0 && bounds.height() > fillers {
            self.height = Some(((bounds.height() - fillers) / rows).max(LEAST));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_drawn_whole() {
        assert_eq!(Window::around(3, 20, 45, 56.0), Window { rows: 0..45, before: 0, after: 0 });
        assert_eq!(Window::around(0, 20, 0, 56.0).rows, 0..0);
        assert_eq!(Window::around(0, usize::MAX, 100, 56.0).rows, 0..100);
    }

    #[test]
    fn what_is_in_sight_comes_first() {
        assert_eq!(Window::in_sight(590.0, 25, |_| 50.0), Window { rows: 0..12, before: 0, after: 650 });
        assert_eq!(Window::in_sight(590.0, 3, |_| 50.0), Window { rows: 0..3, before: 0, after: 0 });
        assert_eq!(Window::in_sight(f64::INFINITY, 1000, |_| 50.0).rows, 0..MOST);
        // A screen that holds no row has one drawn, and a list of none has none.
        assert_eq!(Window::in_sight(-10.0, 25, |_| 50.0).rows, 0..1);
        assert_eq!(Window::in_sight(590.0, 0, |_| 50.0).rows, 0..0);
        // Rows of two heights, in turn: four of each fill it.
        let mixed = |row| if row % 2 == 0 { 50.0 } else { 100.0 };
        assert_eq!(Window::in_sight(600.0, 20, mixed), Window { rows: 0..8, before: 0, after: 900 });
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
