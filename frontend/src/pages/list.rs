//! What lists have in common: what shows until they come, when they cannot be had, and when there is nothing in them;
//! and their pages, which stand in the address: a link leads to them, a reload keeps them, and back goes back.

#[cfg(test)]
mod drawn;

use std::rc::Rc;

use seinpost_protocol::rest::Page;
use yew::prelude::*;

use crate::{
    app::{Location, Route, go_to, query_value, replace_query, to_query, use_location},
    components::{Button, ErrorNote},
    hooks::ResourceHandle,
    i18n::{
        Language,
        texts::{common, deliveries},
    },
};

/// Something to be shown as a list.
pub(super) trait List: PartialEq + 'static {
    /// Whether nothing is in it.
    fn is_empty(&self) -> bool;
}

impl<T: PartialEq + 'static> List for Page<T> {
    fn is_empty(&self) -> bool {
        self.data.is_empty() && self.next.is_none()
    }
}

impl<T: PartialEq + 'static> List for Vec<T> {
    fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

/// What there is of a list: a note where it could not be had, a skeleton until it comes, `none` where nothing is in it.
pub(super) fn list<D: List>(
    list: &ResourceHandle<D>,
    none: impl FnOnce() -> Html,
    shown: impl FnOnce(&D) -> Html,
) -> Html {
    let content = match &list.data {
        None if list.error.is_some() => Html::default(),
        None => html! { <span class="skel skel--80" aria-busy="true"></span> },
        Some(data) if data.is_empty() => none(),
        Some(data) => shown(data),
    };
    html! {
        <>
            if let Some(error) = list.error.clone() {
                <ErrorNote {error} retry={list.refresh.clone()} />
            }
            { content }
        </>
    }
}

/// What a list is narrowed by, and which page of it shows, as they stand in the address.
#[derive(Clone, PartialEq)]
pub(super) struct Narrowed<const N: usize> {
    location: Location,
    names: [&'static str; N],
    pub(super) values: [String; N],
    pub(super) cursor: String,
}

/// A list that is narrowed by these names.
#[hook]
pub(super) fn use_narrowed<const N: usize>(names: [&'static str; N]) -> Narrowed<N> {
    let location = use_location();
    let values = names.map(|name| query_value(&location.query, name));
    let cursor = query_value(&location.query, "cursor");
    Narrowed { location, names, values, cursor }
}

impl<const N: usize> Narrowed<N> {
    /// The names with their values.
    pub(super) fn pairs<'a>(&self, values: &'a [String; N]) -> [(&'static str, &'a str); N] {
        std::array::from_fn(|index| (self.names[index], values[index].as_str()))
    }

    /// Whether anything is left out.
    pub(super) fn is_narrow(&self) -> bool {
        self.values.iter().any(|value| !value.is_empty())
    }

    /// What it is narrowed by, for an address, with its `?`.
    pub(super) fn query(&self) -> Rc<str> {
        self.location.query.clone()
    }

    /// Narrows by these values, from the first page on.
    pub(super) fn narrow(&self, values: &[String; N]) {
        replace_query(&self.location.route, &to_query(&self.pairs(values)));
    }

    /// Takes all away.
    pub(super) fn clear(&self) -> Callback<MouseEvent> {
        let all = self.clone();
        Callback::from(move |_| all.narrow(&std::array::from_fn(|_| String::new())))
    }

    /// What there is of a list in pages, with the way to older ones: `none` where nothing is in it, `shown` for its rows.
    pub(super) fn list<T: PartialEq + 'static>(
        &self,
        language: Language,
        page: &ResourceHandle<Page<T>>,
        none: impl FnOnce() -> Html,
        shown: impl FnOnce(&[T]) -> Html,
    ) -> Html {
        let empty = || match self.cursor.as_str() {
            "" => none(),
            _ => further(language, &self.cursor, None, &self.turn(), None),
        };
        list(page, empty, |data| match data.data.as_slice() {
            [] => self.further(language, data),
            rows => html! { <>{ shown(rows) }{ self.pager(language, data) }</> },
        })
    }

    /// An empty page where there may be more.
    pub(super) fn further<T>(&self, language: Language, page: &Page<T>) -> Html {
        let clear = self.is_narrow().then(|| self.clear());
        further(language, &self.cursor, page.next.as_deref(), &self.turn(), clear)
    }

    /// Goes to the page with a cursor.
    fn turn(&self) -> Callback<String> {
        let all = self.clone();
        Callback::from(move |cursor: String| {
            let mut pairs = all.pairs(&all.values).to_vec();
            pairs.push(("cursor", &cursor));
            turn_to(&all.location.route, &to_query(&pairs));
        })
    }

    /// The way to older pages, and back to the newest.
    pub(super) fn pager<T>(&self, language: Language, page: &Page<T>) -> Html {
        pager(language, Html::default(), &self.cursor, page.next.as_deref(), &self.turn())
    }
}

/// Goes to a page of a list: an entry of its own in the browser's history.
pub(super) fn turn_to(route: &Route, query: &str) {
    let question = if query.is_empty() { "" } else { "?" };
    go_to(&format!("{}{question}{query}", route.to_path()));
}

/// An empty page where there may be more: not all has been looked through yet, or what there was stands on newer pages.
/// `clear` shows all, where something is left out.
pub(in crate::pages) fn further(
    language: Language,
    cursor: &str,
    next: Option<&str>,
    turn: &Callback<String>,
    clear: Option<Callback<MouseEvent>>,
) -> Html {
    let text = if next.is_some() { &common::NONE_SO_FAR } else { &common::NONE_OLDER };
    let on = next.map(|next| older(cursor, next, turn));
    html! {
        <>
            <div class="tablebox"><div class="tablebox__none">
                <p>{ language.say(text) }</p>
                <p class="gap row">
                    if let Some(onclick) = on {
                        <Button class="btn--s" icon="search" {onclick}>{ language.say(&common::LOOK_FURTHER) }</Button>
                    }
                    if let Some(onclick) = clear {
                        <Button class="btn--s" {onclick}>{ language.say(&deliveries::CLEAR) }</Button>
                    }
                </p>
            </div></div>
            if !cursor.is_empty() {
                { pager(language, Html::default(), cursor, next, turn) }
            }
        </>
    }
}

/// The way to older pages, and back to the newest; `count` says what this one has. Nothing where there is nothing to say.
/// `turn` gets the cursor of a page, which is empty for the newest.
pub(in crate::pages) fn pager(
    language: Language,
    count: Html,
    cursor: &str,
    next: Option<&str>,
    turn: &Callback<String>,
) -> Html {
    if cursor.is_empty() && next.is_none() {
        return if count == Html::default() {
            count
        } else {
            html! { <p class="pager">{ count }</p> }
        };
    }
    let to = |cursor: &str| {
        let cursor = cursor.to_owned();
        turn.reform(move |_: MouseEvent| cursor.clone())
    };
    let older = older(cursor, next.unwrap_or_default(), turn);
    // Whoever came by a link has seen none.
    let newer = newer_of(cursor);
    html! {
        <nav class="pager" aria-label={language.say(&deliveries::PAGES)}>
            <span>{ count }</span>
            <span class="pager__steps">
                <Button class="btn--s" disabled={cursor.is_empty()} onclick={to("")}>{ language.say(&common::NEWEST) }</Button>
                if let Some(newer) = newer {
                    <Button class="btn--s" onclick={to(&newer)}>{ language.say(&deliveries::NEWER) }</Button>
                }
                <Button class="btn--s" disabled={next.is_none()} onclick={older}>{ language.say(&deliveries::OLDER) }</Button>
            </span>
        </nav>
    }
}

/// Goes from the page with a cursor to the next older one, and keeps the way back.
fn older(cursor: &str, next: &str, turn: &Callback<String>) -> Callback<MouseEvent> {
    let (cursor, next) = (cursor.to_owned(), next.to_owned());
    turn.reform(move |_: MouseEvent| {
        keep_newer(&next, &cursor);
        next.clone()
    })
}

/// Where the page before an older one is kept, by the cursor of that one: lists lead on to what is older alone.
const NEWER: &str = "seinpost.newer.";

fn kept() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// Keeps, for as long as this tab is open, that one came to the page with this cursor from another.
fn keep_newer(cursor: &str, from: &str) {
    if let Some(kept) = kept() {
        // Where nothing can be kept, the way to the newest is left.
        _ = kept.set_item(&format!("{NEWER}{cursor}"), from);
    }
}

/// The cursor of the page from which one came to this one.
fn newer_of(cursor: &str) -> Option<String> {
    if cursor.is_empty() {
        return None;
    }
    kept()?.get_item(&format!("{NEWER}{cursor}")).ok().flatten()
}
