use leptos::prelude::*;
use leptos_clerk::{ButtonMode, SignInButton, SignUpButton, SignedIn, SignedOut, use_user};
use leptos_meta::Title;

use crate::components::{DecisionCheck, SessionCard};

/// A component of the page, as it is shown in the page.
const SOURCE: &str = include_str!("../components/decision.rs");

/// What this app is, and who is signed in.
#[component]
pub fn Home() -> impl IntoView {
    let user = use_user();
    let greeting = move || match user.get() {
        Some(user) => format!("Welcome back, {}.", user.display_name()),
        None => "Welcome back.".to_owned(),
    };
    view! {
        <Title text="Home" />
        <section class="hero">
            <div class="hero-text">
                <p class="eyebrow">"Rust on both sides"</p>
                <SignedOut>
                    <h1>"Sign-in is decided before the first byte."</h1>
                </SignedOut>
                <SignedIn>
                    <h1>{greeting}</h1>
                </SignedIn>
                <p class="lead">
                    "A Rust server rendered this page and already knew who was asking. WebAssembly takes over in the "
                    "browser, and the forms are Clerk's own components."
                </p>
                <div class="actions">
                    <SignedOut>
                        <SignUpButton class="button primary large">"Create an account"</SignUpButton>
                        <SignInButton mode=ButtonMode::Modal class="button large">"Sign in"</SignInButton>
                    </SignedOut>
                    <SignedIn>
                        <a href="/profile" class="button primary large">"Your profile"</a>
                        <a href="/plans" class="button large">"See the plans"</a>
                    </SignedIn>
                </div>
            </div>
            <SessionCard />
        </section>
        <section class="explained" aria-labelledby="explained-title">
            <div>
                <h2 id="explained-title">"The code that says so"</h2>
                <p>
                    "These lines say “Signed in” or “Signed out” in the card above. The server runs them with what it has \
                     decided about the request, and the browser with the same decision, until it changes."
                </p>
                <p>"Why it was decided is in the headers of every response."</p>
                <DecisionCheck />
            </div>
            <pre class="source" tabindex="0" role="group" aria-label="Source code">
                <code>{SOURCE}</code>
            </pre>
        </section>
        <section class="features" aria-label="How it works">
            <article class="feature">
                <h2>"No flash, no guess"</h2>
                <p>
                    "One axum layer handles cookies, handshakes and tokens before a page is rendered. What you see "
                    "first is already correct."
                </p>
            </article>
            <article class="feature">
                <h2>"The real components"</h2>
                <p>
                    "Sign-in, sign-up, profile and pricing are Clerk's own JavaScript, mounted by Leptos components and "
                    "unmounted when you leave."
                </p>
            </article>
            <article class="feature">
                <h2>"Works offline"</h2>
                <p>
                    "Without keys, a local Clerk runs beside the app: sign up, check out and sign out with no Clerk "
                    "account and no network."
                </p>
            </article>
        </section>
    }
}
