use leptos::prelude::*;
use leptos_clerk::{ButtonMode, SignInButton, SignUpButton, SignedIn, SignedOut, use_user};
use leptos_meta::Title;
use leptos_router::components::A;

use crate::components::SessionCard;

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
                        <A href="/profile" attr:class="button primary large">"Your profile"</A>
                        <A href="/plans" attr:class="button large">"See the plans"</A>
                    </SignedIn>
                </div>
            </div>
            <SessionCard />
        </section>
        <section class="features" aria-label="How it works">
            <Feature title="No flash, no guess">
                "One axum layer handles cookies, handshakes and tokens before a page is rendered. What you see "
                "first is already correct."
            </Feature>
            <Feature title="The real components">
                "Sign-in, sign-up, profile and pricing are Clerk's own JavaScript, mounted by Leptos components and "
                "unmounted when you leave."
            </Feature>
            <Feature title="Works offline">
                "Without keys, a local Clerk runs beside the app: sign up, check out and sign out with no Clerk "
                "account and no network."
            </Feature>
        </section>
    }
}

#[component]
fn Feature(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <article class="feature">
            <h2>{title}</h2>
            <p>{children()}</p>
        </article>
    }
}
