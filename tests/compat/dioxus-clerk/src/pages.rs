use dioxus::prelude::*;
use dioxus_clerk::*;

/// A setting that the server has put into the page.
fn setting(name: &str) -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let html = document.and_then(|document| document.document_element());
    html.and_then(|html| html.get_attribute(name)).unwrap_or_default()
}

fn path() -> String {
    let location = web_sys::window().map(|window| window.location());
    location
        .and_then(|location| location.pathname().ok())
        .unwrap_or_default()
}

#[component]
pub fn App() -> Element {
    // With a Clerk of your own, `publishable_key` is enough.
    let clerk_url = setting("data-clerk-url");
    rsx! {
        ClerkProvider {
            publishable_key: setting("data-publishable-key"),
            proxy_url: clerk_url.clone(),
            clerk_js_url: "{clerk_url}/npm/@clerk/clerk-js@6/dist/clerk.browser.js",
            clerk_ui_url: "{clerk_url}/npm/@clerk/ui@1/dist/ui.browser.js",
            sign_in_url: "/sign-in",
            sign_up_url: "/sign-up",
            ClerkFailed { p { "Clerk did not load." } }
            Page {}
        }
    }
}

#[component]
fn Page() -> Element {
    match path().as_str() {
        "/protected" => rsx! {
            SignedOut { RedirectToSignIn {} }
            SignedIn { Hello {} }
        },
        "/sign-in" => rsx! { SignIn { routing: Routing::Hash } },
        "/sign-up" => rsx! { SignUp { routing: Routing::Hash } },
        _ => rsx! {
            SignedOut {
                p { "Signed out" }
                SignInButton {}
            }
            SignedIn {
                UserButton {}
                UserId {}
            }
        },
    }
}

#[component]
fn UserId() -> Element {
    let id = use_auth().user_id().unwrap_or_default();
    rsx! { p { "Signed in as {id}" } }
}

#[component]
fn Hello() -> Element {
    let email = use_user().user().and_then(|user| user.primary_email_address);
    rsx! {
        if let Some(email) = email {
            p { "Hello {email}" }
        }
    }
}
