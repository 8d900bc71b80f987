//! Protected paths in the browser.

use clerk_auth::ProtectedPaths;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::{BrowserUrl, LocationProvider, Url},
};

use super::location::{is_path, sign_in_location};
use crate::store::Clerk;

/// Sends signed-out visitors who navigate to a protected path, or sign out there, to the sign-in page.
///
/// The URL of the router is replaced before the router reacts to it, so the page behind the path is never built.
pub(crate) fn protect(clerk: Clerk, protected: ProtectedPaths) {
    let Some(router_url) = use_context::<BrowserUrl>() else {
        return;
    };
    let location = use_location();
    let navigate = use_navigate();
    let last_url = StoredValue::new(None::<Url>);
    // Deferred by the outer effect, because hydration has to find the page that the server rendered.
    Effect::new(move |_| {
        let (router_url, navigate) = (router_url.clone(), navigate.clone());
        ImmediateEffect::new_scoped(move || {
            let path = location.pathname.get();
            if clerk.is_signed_in() || !clerk.is_settled() || !protected.contains(&path) {
                last_url.set_value(Some(router_url.as_url().get_untracked()));
                return;
            }
            let sign_in_url = clerk.options.with_value(|options| options.sign_in_url.clone());
            let url = router_url.as_url().get_untracked();
            let is_own_page = is_path(&sign_in_url);
            let return_to = if is_own_page {
                path_and_query(&url)
            } else {
                [url.origin(), &path_and_query(&url)].concat()
            };
            let target = sign_in_location(&sign_in_url, &Url::escape(&return_to));
            let options = NavigateOptions {
                resolve: false,
                // The address is in the history already after a step back, and on a page that was loaded.
                replace: window().location().pathname().ok() == Some(path),
                ..NavigateOptions::default()
            };
            let instead = if is_own_page {
                BrowserUrl::parse(&target).ok()
            } else {
                last_url.get_value()
            };
            if let Some(instead) = instead {
                router_url.as_url().set(instead);
            }
            // The router may be in the middle of a navigation, which has to end before the next.
            let navigate = navigate.clone();
            spawn_local(async move { navigate(&target, options) });
        });
    });
}

fn path_and_query(url: &Url) -> String {
    let separator = if url.search().is_empty() { "" } else { "?" };
    [url.path(), separator, url.search()].concat()
}
