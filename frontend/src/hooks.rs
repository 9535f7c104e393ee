//! Hooks shared by the pages.

mod clock;
mod hotkeys;
mod page;
mod poll;
mod resource;
mod settled;
mod stream;
mod window;

pub(crate) use clock::{Clock, now, use_now};
pub(crate) use hotkeys::{Hotkey, use_hotkeys};
pub(crate) use page::{announce, focus, go_to_top, platform, use_title};
pub(crate) use poll::use_poll;
pub(crate) use resource::{Call, First, ResourceHandle, use_resource};
pub(crate) use settled::{use_kept, use_settled};
pub(crate) use stream::{Stream, use_stream};
pub(crate) use window::use_window;
