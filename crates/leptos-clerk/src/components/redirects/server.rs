//! Redirects of the response.

use leptos::{prelude::*, reactive::computed::ArcMemo};
use leptos_router::{
    components::{Redirect, RedirectProps},
    params::ParamsMap,
};

use crate::form_url::{Form, FormUrl, Parameters};

/// Redirects inside of a route, where Leptos can. Elsewhere its component would panic, and the browser goes instead.
pub(super) fn go(url: FormUrl) {
    if use_context::<ArcMemo<ParamsMap>>().is_some() {
        Redirect(
            RedirectProps::builder()
                .path(untrack(move || url.target()))
                .build(),
        );
    }
}

/// The tasks are below the sign-in page.
pub(super) fn go_to_tasks(redirect_url: Option<String>) {
    let mut url = FormUrl::new(Form::SignIn, Parameters::default());
    url.below("tasks");
    url.redirect_url(redirect_url);
    go(url);
}
