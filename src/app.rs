//! The app: its document, its router and the frame around every page.

#[cfg(feature = "ssr")]
mod document;
mod eager;

use clerk_auth::ProtectedPaths;
use leptos::prelude::*;
use leptos_clerk::{ClerkProvider, ProtectPaths, use_user};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

use self::eager::eager;
use crate::{
    account::color_scheme,
    api_client,
    components::{Footer, Header, LoadError},
    pages::{Home, NotFound, Plans, Profile, SignIn, SignUp, Waitlist},
};

#[cfg(feature = "ssr")]
pub use document::{SiteFiles, shell};

/// The paths that only signed-in visitors may open, each with everything below it. The server redirects others before
/// it renders anything, and the browser guards its navigation by the same declaration.
pub const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);

/// The pages that are the same for every signed-out visitor, which the server renders once.
#[cfg(feature = "ssr")]
pub const SAME_WHEN_SIGNED_OUT: [&str; 5] = ["/", PLANS, "/sign-in", "/sign-up", "/waitlist"];

/// The page whose content changes while the server runs: the plans.
#[cfg(feature = "ssr")]
pub const PLANS: &str = "/plans";

/// The pages that search engines may list.
#[cfg(feature = "ssr")]
pub const LISTED: [&str; 4] = ["/", PLANS, "/sign-in", "/sign-up"];

/// The `id` of the element that the app is in.
pub const ROOT_ID: &str = "app";

/// The `id` of the message that is shown when the app has failed in the browser.
pub const FAILURE_ID: &str = "app-failure";

/// The attribute of `<html>` with the color scheme that the user has chosen, for the style sheet.
const COLOR_SCHEME_ATTRIBUTE: &str = "data-color-scheme";

/// The whole app, the same on both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title| format!("{title} · Leptos with Clerk") />
        <Router>
            <ClerkProvider appearance=include_str!("app/appearance.json")>
                <Frame />
            </ClerkProvider>
        </Router>
    }
}

/// Header, page and footer.
#[component]
fn Frame() -> impl IntoView {
    refresh_when_user_changes();
    follow_color_scheme();
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <Header />
        <main id="main">
            <LoadError />
            <FlatRoutes fallback=eager(NotFound)>
                <ProtectPaths paths=PROTECTED>
                    <Route path=path!("/") view=eager(Home) />
                    <Route path=path!("/plans") view=eager(Plans) />
                    <Route path=path!("/profile/*page") view=eager(Profile) />
                    <Route path=path!("/sign-in/*step") view=eager(SignIn) />
                    <Route path=path!("/sign-up/*step") view=eager(SignUp) />
                    <Route path=path!("/waitlist") view=eager(Waitlist) />
                </ProtectPaths>
            </FlatRoutes>
        </main>
        <Footer />
    }
}

/// Tells the server when the user changed in the browser, so that its next page shows the change.
fn refresh_when_user_changes() {
    let user = use_user();
    Effect::watch(
        move || user.get(),
        |user, previous, _| {
            if user.is_some() && previous.is_some_and(Option::is_some) {
                api_client::refresh_session();
            }
        },
        false,
    );
}

/// Shows the page in the color scheme that the user has chosen. The document that the server sends has it already.
fn follow_color_scheme() {
    let user = use_user();
    Effect::new(move || {
        let chosen = user.with(|user| user.as_ref().and_then(color_scheme));
        if let Some(root) = document().document_element() {
            // No rule of the style sheet matches an empty value. Only an invalid name would fail.
            _ = root.set_attribute(COLOR_SCHEME_ATTRIBUTE, chosen.unwrap_or_default());
        }
    });
}
