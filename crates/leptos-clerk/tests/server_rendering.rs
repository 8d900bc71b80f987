//! What the server renders for Clerk's components.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use std::sync::Arc;

use http::Request;
use leptos::prelude::*;
use leptos_clerk::{
    Auth, CheckoutButton, ClerkProvider, ClerkScripts, ClientOptions, RedirectToSignIn, RedirectToTasks,
    Show, SignIn, SignInButton, SignUpButton, UserProfile, When,
};
use leptos_router::{
    components::{Router, provide_server_redirect},
    location::RequestUrl,
};
use serde_json::json;

/// Renders a view for a request.
fn render<V: IntoView + 'static>(uri: &str, auth: Auth, view: fn() -> V) -> String {
    let options = ClientOptions {
        sign_in_url: "/sign-in".to_owned(),
        sign_up_url: "/sign-up".to_owned(),
        ..ClientOptions::default()
    };
    render_with(uri, auth, options, view)
}

fn render_with<V: IntoView + 'static>(
    uri: &str,
    auth: Auth,
    options: ClientOptions,
    view: fn() -> V,
) -> String {
    let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
    parts.extensions.insert(auth);
    parts.extensions.insert(Arc::new(options));
    Owner::new().with(|| {
        provide_context(RequestUrl::new(uri));
        provide_context(parts);
        view! {
            <Router>
                <ClerkProvider>{view()}</ClerkProvider>
            </Router>
        }
        .into_any()
        .to_html()
    })
}

fn claims(role: &str) -> Auth {
    Auth::from_claims(json!({
        "sub": "user_1", "org_id": "org_1", "org_role": role, "org_permissions": ["org:team:read"],
    }))
    .unwrap()
}

#[test]
fn links_to_the_forms_keep_path_and_query() {
    let links = || {
        view! {
            <SignInButton>"Sign in"</SignInButton>
            <SignUpButton force_redirect_url="/welcome">"Sign up"</SignUpButton>
        }
    };
    let html = render("/plans?tab=1&__clerk_db_jwt=dvb_1", Auth::signed_out(), links);
    assert!(
        html.contains(r#"href="/sign-in?redirect_url=%2Fplans%3Ftab%3D1""#),
        "{html}"
    );
    let sign_up = "/sign-up?redirect_url=%2Fplans%3Ftab%3D1&amp;sign_up_force_redirect_url=%2Fwelcome";
    assert!(html.contains(sign_up), "{html}");
    assert!(!html.contains("dvb_1"), "{html}");

    // The forms carry on what they were told.
    let html = render("/sign-in?redirect_url=%2Fplans", Auth::signed_out(), links);
    assert!(
        html.contains(r#"href="/sign-up?redirect_url=%2Fplans&"#),
        "{html}"
    );
    let html = render("/sign-in", Auth::signed_out(), links);
    assert!(html.contains(r#"href="/sign-in""#), "{html}");
}

#[test]
fn what_only_runs_in_the_app_is_not_mounted_before_it() {
    let html = render("/", claims("org:admin"), || {
        view! {
            <SignIn path="/sign-in" with_sign_up=true />
            <UserProfile>
                <UserProfile::Page label="Preferences" url="preferences">"The page"</UserProfile::Page>
            </UserProfile>
            <CheckoutButton plan_id="cplan_1" on_close=|| ()>"Upgrade"</CheckoutButton>
        }
    });
    assert_eq!(html.matches("data-clerk-props").count(), 1, "{html}");
    assert!(html.contains("withSignUp"), "{html}");
    assert!(html.contains(r#"data-clerk-component="user-profile""#), "{html}");
    assert!(!html.contains("The page"), "{html}");
}

#[test]
fn clerk_js_waits_on_the_listed_pages_for_visitors_who_are_signed_out() {
    let scripts = || view! { <ClerkScripts on_demand=&["/"] /> };
    let waits = |uri, auth, is_satellite| {
        let options = ClientOptions {
            clerk_js_url: "/clerk.js".to_owned(),
            is_satellite,
            ..ClientOptions::default()
        };
        let html = render_with(uri, auth, options, scripts);
        let addresses = [r#" src="/clerk.js""#, r#" data-clerk-src="/clerk.js""#];
        addresses.map(|address| html.contains(address)) == [false, true]
    };
    assert!(waits("/?tab=1", Auth::signed_out(), false));
    assert!(!waits("/plans", Auth::signed_out(), false));
    assert!(!waits("/", Auth::signed_out(), true));
    assert!(!waits("/", claims("org:admin"), false));
    let pending = json!({ "sub": "user_1", "sid": "sess_1", "sts": "pending" });
    assert!(!waits("/", Auth::from_claims(pending).unwrap(), false));
}

#[test]
fn show_decides_by_the_request() {
    let view = || {
        view! {
            <Show when=When::role("org:admin") fallback=|| "others">"admins"</Show>
            <Show when=When::SignedIn fallback=|| "strangers">"users"</Show>
            <Show when=When::permission("org:team:read")>"readers"</Show>
            <Show when=When::permission("org:team:manage")>"managers"</Show>
        }
    };
    for (auth, expected) in [
        (claims("org:admin"), &["admins", "users", "readers"][..]),
        (claims("org:member"), &["others", "users", "readers"]),
        (Auth::signed_out(), &["others", "strangers"]),
    ] {
        let html = render("/", auth, view);
        for text in ["admins", "others", "users", "strangers", "readers", "managers"] {
            assert_eq!(html.contains(text), expected.contains(&text), "{text}: {html}");
        }
    }
}

#[test]
fn redirects_outside_of_a_route_are_left_to_the_browser() {
    let view = || {
        provide_server_redirect(|to| panic!("{to}"));
        view! {
            <RedirectToSignIn />
            <RedirectToTasks />
        }
    };
    render("/", Auth::signed_out(), view);
}
