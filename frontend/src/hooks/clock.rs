//! The time, for what is told in relation to it.

use yew::prelude::*;

/// The time in milliseconds since the Unix epoch, brought up to date every second while the page is in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock(pub(crate) i64);

/// The time now, in milliseconds since the Unix epoch.
pub(crate) fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a date of today is far below 2^53 ms, a whole number")]
    let millis = js_sys::Date::now() as i64;
    millis
}

/// The time, as the page's clock has it.
#[hook]
pub(crate) fn use_now() -> i64 {
    use_context::<Clock>().map_or_else(now, |clock| clock.0)
}
