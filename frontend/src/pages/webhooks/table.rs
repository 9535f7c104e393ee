//! The list itself.

use std::rc::Rc;

use seinpost_protocol::rest::Webhook;
use yew::prelude::*;

use super::{
    Checks,
    filter::{Filter, Listed, Sort},
    row::{Row, row_height},
};
use crate::{
    components::small_icon,
    hooks::use_window,
    i18n::{
        Text,
        texts::{figures as figure_texts, status as states, webhooks as texts},
        use_language,
    },
};

#[derive(Properties, PartialEq)]
pub(super) struct TableProps {
    pub(super) listed: Rc<Listed>,
    /// Which of the webhooks, in this order.
    pub(super) rows: Vec<usize>,
    pub(super) filter: Filter,
    pub(super) checks: Checks,
    pub(super) set_filter: Callback<Filter>,
    pub(super) changed: Callback<Vec<Webhook>>,
    pub(super) refresh: Callback<()>,
}

/// How many columns there are.
const COLUMNS: &str = "7";

/// The webhooks that the filter lets through, those in sight drawn.
#[component]
pub(super) fn Table(props: &TableProps) -> Html {
    let language = use_language();
    let Listed { webhooks, figures, .. } = &*props.listed;
    let shown = &props.rows;
    let (window, body) = use_window(shown.len(), |row| row_height(&webhooks[shown[row]]));
    let head = |text: &'static Text, sort: Sort, class: &'static str| {
        let current = props.filter.sort() == sort;
        let onclick = {
            let (filter, set_filter) = (props.filter.clone(), props.set_filter.clone());
            Callback::from(move |_: MouseEvent| {
                set_filter.emit(Filter { sort: sort.as_str().into(), ..filter.clone() });
            })
        };
        let direction = if matches!(sort, Sort::LastDelivery | Sort::Median) { "descending" } else { "ascending" };
        html! {
            <th role="columnheader" scope="col" {class} aria-sort={current.then_some(direction)}>
                <button class="sort" type="button" {onclick}>
                    { language.say(text) }{ small_icon(if current { "down" } else { "sort" }) }
                </button>
            </th>
        }
    };
    let update = |id: &str| {
        let (webhooks, changed, id) = (webhooks.clone(), props.changed.clone(), id.to_owned());
        Callback::from(move |new: Option<Webhook>| {
            let mut all = (*webhooks).clone();
            match new {
                Some(new) => all.iter_mut().filter(|each| each.id == id).for_each(|each| *each = new.clone()),
                None => all.retain(|each| each.id != id),
            }
            changed.emit(all);
        })
    };
    let clear = props.set_filter.reform({
        let sort = props.filter.sort.clone();
        move |_: MouseEvent| Filter { sort: sort.clone(), ..Filter::default() }
    });
    html! {
        <>
            <div class="tablebox">
                <table class="table table--fold" role="table">
                    <caption class="vh">{ language.say(&texts::CAPTION) }</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            { head(&states::STATUS, Sort::Status, "tight") }
                            { head(&texts::WEBHOOK, Sort::Url, "") }
                            <th role="columnheader" scope="col">{ language.say(&figure_texts::LAST_DAY) }</th>
                            { head(&figure_texts::SUCCESS, Sort::Success, "num tight") }
                            { head(&figure_texts::MEDIAN_COLUMN, Sort::Median, "num tight") }
                            { head(&texts::LAST_DELIVERY, Sort::LastDelivery, "num tight") }
                            <th role="columnheader" scope="col" class="tight"><span class="vh">{ language.say(&texts::ACTIONS) }</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup" ref={body}>
                        { filler(window.before) }
                        { for shown[window.rows.clone()].iter().map(|index| &webhooks[*index]).map(|webhook| html! {
                            <Row key={webhook.id.clone()} webhook={webhook.clone()} check={props.checks.0.get(&webhook.id).cloned()} figures={figures.get(&webhook.id).cloned()}
                                update={update(&webhook.id)} refresh={props.refresh.clone()} />
                        }) }
                        { filler(window.after) }
                    </tbody>
                </table>
                if shown.is_empty() {
                    <p class="tablebox__none">
                        { language.say(&texts::NONE_MATCH) }{ " " }
                        <button class="link" type="button" onclick={clear}>{ language.say(&texts::CLEAR_FILTER) }</button>
                    </p>
                }
            </div>
            <p class="pager">
                { language.fill(&texts::SHOWN, &[
                    ("n", &language.number(shown.len() as u64)),
                    ("all", &language.number(webhooks.len() as u64)),
                ]) }
            </p>
            if props.filter.is_narrow() && !shown.is_empty() {
                <p class="vh" aria-live="off">{ language.say(&texts::FILTERED) }</p>
            }
        </>
    }
}

/// What stands for rows that are not drawn.
fn filler(height: u32) -> Html {
    if height == 0 {
        return Html::default();
    }
    html! { <tr aria-hidden="true"><td class="filler" colspan={COLUMNS} height={height.to_string()}></td></tr> }
}
