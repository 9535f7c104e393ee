//! Hooks shared by the pages.

mod clock;
mod hotkeys;
mod page;
mod poll;
mod resource;

pub(crate) use clock::{Clock, now, use_now};
pub(crate) use hotkeys::{Hotkey, use_hotkeys};
pub(crate) use page::{announce, focus, go_to_top, use_title};
pub(crate) use poll::use_poll;
pub(crate) use resource::use_resource;
