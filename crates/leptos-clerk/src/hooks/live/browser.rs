//! Listening to clerk-js.

use std::rc::Rc;

use js_sys::Function;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use crate::{
    clerk_js::{
        Path,
        bindings::{self, Resources},
        browser::report,
        state,
    },
    runtime::when_loaded,
    store::Clerk,
};

struct Subscription {
    unsubscribe: JsValue,
    /// clerk-js calls it until then.
    _listener: Closure<dyn Fn(Resources)>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(unsubscribe) = self.unsubscribe.dyn_ref::<Function>() {
            report(unsubscribe.call0(&JsValue::UNDEFINED));
        }
    }
}

/// Has clerk-js report the resource at once and after each change, until the owner is cleaned up.
pub(super) fn follow(clerk: Clerk, path: Path, update: Rc<dyn Fn(&Value)>) {
    let subscription = StoredValue::new_local(None::<Subscription>);
    when_loaded(clerk, move || {
        let Some(js) = bindings::clerk() else { return };
        let update = Rc::clone(&update);
        let listener = Closure::<dyn Fn(Resources)>::new(move |_| {
            if let Some(value) = state(path) {
                update(&value);
            }
        });
        match js.add_listener(&listener) {
            Ok(unsubscribe) => subscription.set_value(Some(Subscription {
                unsubscribe,
                _listener: listener,
            })),
            Err(error) => report::<()>(Err(error)),
        }
    });
    on_cleanup(move || {
        // Dropped outside of the update.
        drop(subscription.try_update_value(Option::take));
    });
}
