//! Whose dashboard it is: our mark and name, or a platform's logo and name, as the server wrote them into the page.

use std::cell::OnceCell;

use yew::{prelude::*, virtual_dom::VNode};

use super::A;
use crate::app::Route;

thread_local! {
    /// What stood in the page before the dashboard was drawn over it. Its nodes stand in one place at a time.
    static BRAND: OnceCell<Html> = const { OnceCell::new() };
}

/// Takes the mark and the name out of the page.
pub(crate) fn keep_brand() {
    let page = web_sys::window().and_then(|window| window.document());
    let Some(found) = page.and_then(|page| page.query_selector(".brand").ok().flatten()) else { return };
    let nodes = found.child_nodes();
    let nodes = (0..nodes.length()).filter_map(|index| nodes.get(index)).map(VNode::VRef);
    BRAND.with(|brand| _ = brand.set(nodes.collect()));
}

/// The mark and the name, which lead home.
pub(crate) fn brand() -> Html {
    let brand = BRAND.with(|brand| brand.get().cloned().unwrap_or_default());
    html! { <A class="brand" to={Route::Home}>{ brand }</A> }
}
