//! Redirects of the browser's navigation.

use clerk_auth::ProtectedPaths;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::Url,
};

use super::location::{is_path, sign_in_location};
use crate::store::Clerk;

/// Sends signed-out visitors who navigate to a protected path, or sign out there, to the sign-in page.
pub(super) fn redirect(clerk: Clerk, paths: ProtectedPaths) {
    let location = use_location();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let path = location.pathname.get();
        if clerk.is_signed_in() || !clerk.is_settled() || !paths.contains(&path) {
            return;
        }
        let search = location.search.get_untracked();
        let separator = if search.is_empty() { "" } else { "?" };
        let browser = window().location();
        let sign_in_url = clerk.options.with_value(|options| options.sign_in_url.clone());
        // Another origin needs to know to which one to return.
        let origin = if is_path(&sign_in_url) {
            String::new()
        } else {
            browser.origin().unwrap_or_default()
        };
        let return_to = Url::escape(&[&*origin, &path, separator, &search].concat());
        navigate(
            &sign_in_location(&sign_in_url, &return_to),
            NavigateOptions {
                resolve: false,
                // After a step back, the history already has an entry of the protected page.
                replace: browser.pathname().ok() == Some(path),
                ..NavigateOptions::default()
            },
        );
    });
}
