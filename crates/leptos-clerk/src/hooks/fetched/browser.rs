//! Fetching through clerk-js.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};

use super::{Request, Step};
use crate::{
    clerk_js::invoke,
    store::{Clerk, LoadStatus},
};

/// Fetches when clerk-js has loaded, and again when the version or a signal of the request changes. Only the answer to the last
/// request counts.
pub(super) fn start(
    clerk: Clerk,
    version: RwSignal<u32>,
    request: Box<dyn Fn() -> Option<Request>>,
    step: Rc<dyn Fn(Step)>,
) {
    let latest = StoredValue::new_local(0_u32);
    Effect::new(move |previous: Option<u32>| {
        version.track();
        let number = previous.map_or(0, |previous| previous.wrapping_add(1));
        latest.set_value(number);
        if clerk.status() != LoadStatus::Ready {
            return number;
        }
        let Some(Request {
            path,
            method,
            argument,
        }) = request()
        else {
            step(Step::Nothing);
            return number;
        };
        step(Step::Begun);
        let answer = invoke(path, method, argument);
        let step = Rc::clone(&step);
        spawn_local(async move {
            let answer = answer.await;
            // Not after the component is gone, either.
            if latest.try_get_value() == Some(number) {
                step(Step::Answered(answer));
            }
        });
        number
    });
}
