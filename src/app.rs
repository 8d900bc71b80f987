//! The app: its document, its router and the frame around every page.

#[cfg(feature = "ssr")]
mod document;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    clerk_js::{ClerkFailed, provide_clerk, start_clerk},
    components::{Footer, Header},
    pages::{Home, NotFound, Plans, Profile, SignIn, SignUp, Waitlist},
};

#[cfg(feature = "ssr")]
pub use document::shell;

/// Paths that only a signed-in visitor may see, each with everything below it. The server redirects
/// everybody else before it renders anything.
pub const PROTECTED: &[&str] = &["/profile"];

/// The whole app, the same on both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_clerk();
    view! {
        <Title formatter=|title| format!("{title} · Leptos with Clerk") />
        <Router>
            <Frame />
        </Router>
    }
}

/// Header, page and footer. Starts Clerk here because Clerk navigates through the router.
#[component]
fn Frame() -> impl IntoView {
    start_clerk();
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <Header />
        <main id="main">
            <ClerkFailed />
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/") view=Home />
                <Route path=path!("/plans") view=Plans />
                <Route path=path!("/profile/*page") view=Profile />
                <Route path=path!("/sign-in/*step") view=SignIn />
                <Route path=path!("/sign-up/*step") view=SignUp />
                <Route path=path!("/waitlist") view=Waitlist />
            </FlatRoutes>
        </main>
        <Footer />
    }
}
