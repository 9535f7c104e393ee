//! What is typed, once the typing rests; and what was shown before, until there is something else to show.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How long nothing more is typed before it counts, in milliseconds.
const REST: u32 = 300;

/// `value`; where it differs from what it was only by what is being typed, as `typed` tells, once the typing rests.
#[hook]
pub(crate) fn use_settled<T: Clone + PartialEq + 'static>(value: T, typed: fn(&T, &T) -> bool) -> T {
    let settled = use_mut_ref(|| value.clone());
    let draw = use_force_update();
    let waits = *settled.borrow() != value && typed(&settled.borrow(), &value);
    if !waits {
        settled.replace(value.clone());
    }
    use_effect_with(waits.then_some(value), {
        let settled = settled.clone();
        move |value| {
            let timer = value.clone().map(|value| {
                Timeout::new(REST, move || {
                    settled.replace(value);
                    draw.force_update();
                })
            });
            move || drop(timer)
        }
    });
    settled.borrow().clone()
}

/// What came last, also while something else is on its way.
#[hook]
pub(crate) fn use_kept<T: 'static>(data: Option<&Rc<T>>) -> Option<Rc<T>> {
    let kept = use_mut_ref(|| None::<Rc<T>>);
    if let Some(data) = data {
        kept.replace(Some(data.clone()));
    }
    kept.borrow().clone()
}
