//! Logfiles: a day's events of a kind, to download.

use seinpost_protocol::rest::Logfile;
use yew::prelude::*;

use crate::{
    api::{logfile_address, use_api},
    app::{Location, query_value, replace_query, to_query, use_location},
    components::{Select, small_icon},
    hooks::{use_resource, use_title},
    i18n::{Language, Text, texts::logfiles as texts, use_language},
    pages::list::list,
};

/// The formats, as addresses name them.
const FORMATS: [(&str, &str); 4] = [("", "CSV"), ("header", "CSV +"), ("json", "JSON"), ("xml", "XML")];

/// The page.
#[component]
pub(crate) fn Logfiles() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let Location { route, query } = use_location();
    let api = use_api();
    let days = use_resource((), {
        let api = api.clone();
        move |()| {
            let api = api.clone();
            Box::pin(async move { api.logfile_days().await })
        }
    });
    let newest = days.data.as_ref().and_then(|days| days.iter().max().cloned()).unwrap_or_default();
    let day = Some(query_value(&query, "day")).filter(|day| !day.is_empty()).unwrap_or(newest);
    let files = use_resource(day.clone(), move |day| {
        let (api, day) = (api.clone(), day.clone());
        Box::pin(async move { if day.is_empty() { Ok(Vec::new()) } else { api.logfiles(&day).await } })
    });
    let choose = Callback::from(move |day: String| replace_query(&route, &to_query(&[("day", &day)])));
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
                </div>
                if let Some(days) = days.data.as_ref().filter(|days| !days.is_empty()) {
                    <div class="head__acts">{ choice(language, days, &day, choose) }</div>
                }
            </div>
            { list(&days, || nothing(language), |_| list(&files, || nothing(language), |files| table(language, files))) }
        </>
    }
}

fn nothing(language: Language) -> Html {
    html! {
        <section class="panel"><div class="panel__body empty">
            <p class="medium">{ language.say(&texts::NONE) }</p>
            <p class="soft">{ language.say(&texts::NONE_MEANING) }</p>
        </div></section>
    }
}

fn choice(language: Language, days: &[String], day: &str, onchange: Callback<String>) -> Html {
    let mut days: Vec<&String> = days.iter().collect();
    days.sort_by(|one, other| other.cmp(one));
    let options: Vec<(AttrValue, AttrValue)> =
        days.into_iter().map(|day| (day.clone().into(), day.clone().into())).collect();
    html! { <Select id="day" label={language.say(&texts::DAY)} {options} value={day.to_owned()} {onchange} /> }
}

/// What a kind of logfile holds, by the beginning of its name.
fn kind(name: &str) -> Option<&'static Text> {
    let prefix = name.split('.').next().unwrap_or_default();
    let kind = Logfile::ALL.into_iter().find(|kind| kind.prefix() == prefix)?;
    Some(match kind {
        Logfile::Abuses => &texts::ABUSES,
        Logfile::Attempts => &texts::ATTEMPTS,
        Logfile::Bounces => &texts::BOUNCES,
        Logfile::Clicks => &texts::CLICKS,
        Logfile::Deliveries => &texts::DELIVERIES,
        Logfile::Failures => &texts::FAILURES,
        Logfile::Opens => &texts::OPENS,
        Logfile::Responses => &texts::RESPONSES,
    })
}

fn table(language: Language, files: &[String]) -> Html {
    html! {
        <div class="tablebox">
            <table class="table table--fold table--mid">
                <caption class="vh">{ language.say(&texts::TITLE) }</caption>
                <thead><tr>
                    <th scope="col">{ language.say(&texts::FILE) }</th>
                    <th scope="col">{ language.say(&texts::HOLDS) }</th>
                    <th scope="col">{ language.say(&texts::DOWNLOAD) }</th>
                </tr></thead>
                <tbody>
                    { for files.iter().map(|name| html! {
                        <tr key={name.clone()}>
                            <td class="mono break">{ name.clone() }</td>
                            <td data-label={language.say(&texts::HOLDS)}>{ kind(name).map(|text| language.say(text)).unwrap_or_default() }</td>
                            <td data-label={language.say(&texts::DOWNLOAD)}><span class="row">
                                { for FORMATS.iter().map(|(format, word)| {
                                    let ending = match *format { "" | "header" => "csv", other => other };
                                    let file = format!("{name}.{ending}");
                                    let label = language.fill(&texts::DOWNLOAD_AS, &[("name", name), ("format", if *format == "header" { language.say(&texts::WITH_HEADER) } else { word })]);
                                    html! {
                                        <a class="btn btn--s" key={*format} href={logfile_address(name, format)} download={file} aria-label={label.clone()} title={label}>
                                            { small_icon("download") }{ *word }
                                        </a>
                                    }
                                }) }
                            </span></td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}
