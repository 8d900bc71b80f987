//! Redirects of the browser's navigation.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{clerk_js, form_url::FormUrl, props::Props, runtime::when_loaded, store::use_clerk};

/// Goes there once: the visitor's navigation, which changes the address to return to, must not lead back.
pub(super) fn go(url: FormUrl) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let options = NavigateOptions {
            resolve: false,
            ..NavigateOptions::default()
        };
        navigate(&untrack(|| url.target()), options);
    });
}

/// clerk-js knows the page of each task.
pub(super) fn go_to_tasks(redirect_url: Option<String>) {
    let mut props = Props::default();
    props.text("redirectUrl", redirect_url);
    when_loaded(use_clerk(), move || {
        clerk_js::open("redirectToTasks", &props);
    });
}
