//! Redirects of the browser's navigation.

use clerk_auth::ProtectedPaths;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::Url,
};

use crate::{
    form_url::{address, append, is_path},
    store::Clerk,
};

/// Sends signed-out visitors who navigate to a protected path, or sign out there, to the sign-in page.
pub(super) fn redirect(clerk: Clerk, paths: ProtectedPaths) {
    let location = use_location();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let path = location.pathname.get();
        if clerk.is_signed_in() || !clerk.is_settled() || !paths.contains(&path) {
            return;
        }
        let mut to = clerk.options.with_value(|options| options.sign_in_url.clone());
        let browser = window().location();
        // Another origin needs to know to which one to return.
        let origin = if is_path(&to) {
            String::new()
        } else {
            browser.origin().unwrap_or_default()
        };
        let address = address(&path, &location.search.get_untracked());
        append(
            &mut to,
            "redirect_url",
            &Url::escape(&[&*origin, &*address].concat()),
        );
        navigate(
            &to,
            NavigateOptions {
                resolve: false,
                // After a step back, the history already has an entry of the protected page.
                replace: browser.pathname().ok() == Some(path),
                ..NavigateOptions::default()
            },
        );
    });
}
