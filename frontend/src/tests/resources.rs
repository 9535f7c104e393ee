//! Calls that are made again and again, and what is typed for them.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::stage::*;
use crate::{
    api::ApiError,
    hooks::{Call, use_kept, use_resource, use_settled},
};

/// What was asked for, each with what answers it.
type Asked = Rc<RefCell<Vec<(String, js_sys::Function)>>>;

#[derive(Clone, Default)]
struct Server(Asked);

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Server {
    fn ask(&self, key: &str) -> Call<String> {
        let (asked, key) = (self.0.clone(), key.to_owned());
        let answer = js_sys::Promise::new(&mut |answer, _| asked.borrow_mut().push((key.clone(), answer)));
        Box::pin(async move {
            let answer = wasm_bindgen_futures::JsFuture::from(answer).await;
            answer.ok().and_then(|text| text.as_string()).ok_or(ApiError::Unreachable)
        })
    }

    fn asked(&self) -> Vec<String> {
        self.0.borrow().iter().map(|(key, _)| key.clone()).collect()
    }

    /// Answers a call.
    fn answer(&self, index: usize, text: &str) {
        let answer = self.0.borrow()[index].1.clone();
        answer.call1(&wasm_bindgen::JsValue::NULL, &text.into()).unwrap();
    }
}

#[derive(Properties, PartialEq)]
struct ShownProps {
    server: Server,
}

/// A resource by a key that is typed and one that is chosen.
#[component]
fn Shown(props: &ShownProps) -> Html {
    let key = use_state(|| (String::from("a"), String::new()));
    let settled = use_settled((*key).clone(), |one, other| one.0 == other.0);
    let server = props.server.clone();
    let resource = use_resource(settled, move |(chosen, typed)| server.ask(&format!("{chosen}{typed}")));
    let kept = use_kept(resource.data.as_ref());
    let set = |change: fn(&mut (String, String))| {
        let key = key.clone();
        Callback::from(move |_: MouseEvent| {
            let mut next = (*key).clone();
            change(&mut next);
            key.set(next);
        })
    };
    html! {
        <>
            <button id="refresh" onclick={resource.refresh.reform(|_: MouseEvent| ())}></button>
            <button id="type" onclick={set(|key| key.1.push('x'))}></button>
            <button id="choose" onclick={set(|key| key.0 = "b".into())}></button>
            <p id="now">{ resource.data.as_deref().cloned() }</p>
            <p id="kept">{ kept.as_deref().cloned() }</p>
        </>
    }
}

#[wasm_bindgen_test]
async fn while_a_call_is_under_way_no_other_overtakes_it_and_one_follows() {
    let server = Server::default();
    let stage = Stage::show(html! { <Shown server={server.clone()} /> }).await;
    let refresh = stage.find("#refresh");
    for _ in 0..5 {
        refresh.click();
        drawn().await;
    }
    assert_eq!(server.asked(), ["a"]);
    // The answer shows although it was asked for again meanwhile, and the one call more is made now.
    server.answer(0, "one");
    until("it shows", || stage.texts("#now") == ["one"]).await;
    until("it is asked for once more", || server.asked().len() == 2).await;
    server.answer(1, "two");
    until("that shows", || stage.texts("#now") == ["two"]).await;
    assert_eq!(server.asked().len(), 2);
    refresh.click();
    until("it is asked for at once", || server.asked().len() == 3).await;
    // What is asked for something else does not wait, and what was to follow is no longer wanted.
    refresh.click();
    stage.find("#choose").click();
    until("the other is asked for", || server.asked().last().is_some_and(|last| last == "b")).await;
    server.answer(2, "late");
    server.answer(3, "other");
    until("the other shows", || stage.texts("#now") == ["other"]).await;
    assert_eq!(server.asked(), ["a", "a", "a", "b"]);
}

#[wasm_bindgen_test]
async fn what_is_typed_is_asked_for_when_the_typing_rests_and_what_is_chosen_at_once() {
    let server = Server::default();
    let stage = Stage::show(html! { <Shown server={server.clone()} /> }).await;
    server.answer(0, "one");
    until("it shows", || stage.texts("#now") == ["one"]).await;
    for _ in 0..4 {
        stage.find("#type").click();
        drawn().await;
    }
    assert_eq!(server.asked(), ["a"]);
    until("what was typed is asked for", || server.asked() == ["a", "axxxx"]).await;
    until("the old is no longer what is asked for", || stage.texts("#now") == [""]).await;
    assert_eq!(stage.texts("#kept"), ["one"], "but it stands");
    server.answer(1, "two");
    until("the new stands", || stage.texts("#kept") == ["two"]).await;
    stage.find("#type").click();
    stage.find("#choose").click();
    until("both are asked for at once", || server.asked() == ["a", "axxxx", "bxxxxx"]).await;
}
