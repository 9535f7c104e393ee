//! A place on a page for the component that is tried, and the hands and ears to try it with.

use std::{cell::RefCell, rc::Rc};

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use crate::{
    app::{LocationProvider, PartProviders},
    components::ToastsProvider,
};

/// The dashboard's own styles, as far as sizes and what is hidden matter to a test.
const STYLES: &str = concat!(
    include_str!("../../styles/tokens.css"),
    include_str!("../../styles/ground.css"),
    include_str!("../../styles/button.css"),
    include_str!("../../styles/menu.css"),
    include_str!("../../styles/field.css"),
    include_str!("../../styles/segments.css"),
    include_str!("../../styles/table.css"),
    include_str!("../../styles/dialog.css"),
    include_str!("../../styles/drawer.css"),
);

/// How often a condition is looked at before it has failed, and how long to wait between, in milliseconds.
const LOOKS: u32 = 500;
const BETWEEN: u32 = 4;

#[derive(Properties, PartialEq)]
struct SceneProps {
    children: Html,
}

/// What a component may ask for, as on a page.
#[component]
fn Scene(props: &SceneProps) -> Html {
    html! {
        <LocationProvider first={true}>
            <PartProviders><ToastsProvider>{ props.children.clone() }</ToastsProvider></PartProviders>
        </LocationProvider>
    }
}

/// A component on a page that has, besides, a button before it and a live region; all of it goes with the stage.
pub(crate) struct Stage {
    whole: web_sys::Element,
    root: web_sys::Element,
    app: Option<yew::AppHandle<Scene>>,
}

impl Stage {
    /// Draws it, in English, in the theme of the system.
    pub(crate) async fn show(content: Html) -> Self {
        // Where another test went to, and what it chose, is not this one's.
        let window = window();
        window.history().unwrap().replace_state_with_url(&JsValue::NULL, "", Some("/")).unwrap();
        window.local_storage().unwrap().unwrap().clear().unwrap();
        let page = document().document_element().unwrap();
        page.set_attribute("lang", "en").unwrap();
        page.remove_attribute("data-theme").unwrap();
        if document().query_selector("style#stage").unwrap().is_none() {
            let style = document().create_element("style").unwrap();
            style.set_id("stage");
            style.set_text_content(Some(STYLES));
            document().document_element().unwrap().append_child(&style).unwrap();
        }
        // A test that failed has left its page behind.
        while let Some(left) = document().query_selector("[data-stage=left]").unwrap() {
            left.remove();
        }
        let whole = document().create_element("div").unwrap();
        whole.set_attribute("data-stage", "left").unwrap();
        whole.set_inner_html(
            r#"<button id="before">before</button><div class="root"></div><p id="live" role="status" aria-live="polite"></p>"#,
        );
        document().body().unwrap().append_child(&whole).unwrap();
        let root = whole.query_selector(".root").unwrap().unwrap();
        let app = yew::Renderer::<Scene>::with_root_and_props(root.clone(), SceneProps { children: content }).render();
        let stage = Self { whole, root, app: Some(app) };
        until("the component is drawn", || stage.root.child_element_count() > 0).await;
        drawn().await;
        stage
    }

    /// Takes the component away, its page stays.
    pub(crate) fn strike(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
    }

    /// The one element of a selector.
    pub(crate) fn find(&self, selector: &str) -> web_sys::HtmlElement {
        let mut all = self.all(selector);
        assert_eq!(all.len(), 1, "{selector} in {}", self.root.inner_html());
        all.remove(0)
    }

    pub(crate) fn all(&self, selector: &str) -> Vec<web_sys::HtmlElement> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length()).map(|index| found.get(index).unwrap().unchecked_into()).collect()
    }

    /// The text of the elements of a selector.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).iter().map(text).collect()
    }

    /// The value of an attribute of the one element of a selector.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.find(selector).get_attribute(name)
    }

    /// The button that stands before the component.
    pub(crate) fn outside(&self) -> web_sys::HtmlElement {
        self.whole.query_selector("#before").unwrap().unwrap().unchecked_into()
    }

    /// What a screen reader was told last.
    pub(crate) fn told(&self) -> String {
        self.whole.query_selector("#live").unwrap().unwrap().text_content().unwrap()
    }

    /// The text of the elements that an attribute names by their ids, such as `aria-describedby`.
    pub(crate) fn named_by(&self, selector: &str, attribute: &str) -> Vec<String> {
        let ids = self.attribute(selector, attribute).unwrap_or_default();
        ids.split_whitespace()
            .map(|id| {
                let element = document().get_element_by_id(id);
                let element =
                    element.unwrap_or_else(|| panic!("{attribute} of {selector} names {id}, which is not there"));
                element.text_content().unwrap().trim().to_owned()
            })
            .collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.strike();
        self.whole.remove();
    }
}

/// Where a callback leaves what it was called with.
pub(crate) struct Heard<T>(Rc<RefCell<Vec<T>>>);

impl<T: Clone + 'static> Heard<T> {
    pub(crate) fn new() -> Self {
        Self(Rc::default())
    }

    pub(crate) fn callback<E: 'static>(&self, of: impl Fn(E) -> T + 'static) -> Callback<E> {
        let kept = self.0.clone();
        Callback::from(move |event: E| kept.borrow_mut().push(of(event)))
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.0.borrow().clone()
    }
}

pub(crate) fn window() -> web_sys::Window {
    web_sys::window().unwrap()
}

pub(crate) fn document() -> web_sys::Document {
    window().document().unwrap()
}

pub(crate) fn text(element: &web_sys::HtmlElement) -> String {
    element.text_content().unwrap().trim().to_owned()
}

/// Whether the focus is on this element.
pub(crate) fn is_focused(element: &web_sys::HtmlElement) -> bool {
    document().active_element().as_ref() == Some(element.as_ref())
}

/// Waits until it holds.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..LOOKS {
        if holds() {
            return;
        }
        TimeoutFuture::new(BETWEEN).await;
    }
    let body = document().body().unwrap().inner_html();
    panic!("it never came that {what}: {}", body.chars().take(4000).collect::<String>());
}

/// Lets all that was begun be drawn.
pub(crate) async fn drawn() {
    TimeoutFuture::new(0).await;
    TimeoutFuture::new(0).await;
}

fn send(target: &web_sys::HtmlElement, event: &web_sys::Event) -> bool {
    target.dispatch_event(event).unwrap()
}

/// Presses a key on an element. Whether the browser goes on to do with it what it does by itself.
pub(crate) fn press(target: &web_sys::HtmlElement, key: &str) -> bool {
    press_with(target, key, |_| ())
}

/// As [`press`], with modifiers.
pub(crate) fn press_with(
    target: &web_sys::HtmlElement,
    key: &str,
    change: impl Fn(&web_sys::KeyboardEventInit),
) -> bool {
    let init = web_sys::KeyboardEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_key(key);
    change(&init);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    send(target, &event)
}

/// Clicks with the main button. Whether the browser goes on.
pub(crate) fn click_with(target: &web_sys::HtmlElement, change: impl Fn(&web_sys::MouseEventInit)) -> bool {
    let init = web_sys::MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    change(&init);
    send(target, &web_sys::MouseEvent::new_with_mouse_event_init_dict("click", &init).unwrap())
}

/// Types a text in the place of the one that is there.
pub(crate) fn type_into(target: &web_sys::HtmlElement, text: &str) {
    match target.dyn_ref::<web_sys::HtmlInputElement>() {
        Some(input) => input.set_value(text),
        None => target.unchecked_ref::<web_sys::HtmlTextAreaElement>().set_value(text),
    }
    let init = web_sys::InputEventInit::new();
    init.set_bubbles(true);
    send(target, &web_sys::InputEvent::new_with_event_init_dict("input", &init).unwrap());
}

/// Something that the browser tells of an element.
pub(crate) fn happen(target: &web_sys::HtmlElement, name: &str) -> bool {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    send(target, &web_sys::Event::new_with_event_init_dict(name, &init).unwrap())
}
