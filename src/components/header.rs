use leptos::prelude::*;
use leptos_clerk::{SignInButton, SignUpButton, SignedIn, SignedOut, UserButton};
use leptos_router::components::A;

use super::Placeholder;

/// The brand, links to the pages, and the account of the visitor.
#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="site-header">
            <div class="bar">
                <a href="/" class="brand">
                    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                        <path d="M16 2 28 8v9c0 7-5 11-12 13C9 28 4 24 4 17V8z" />
                        <path class="brand-leaf" d="M11 20c0-6 4-9 10-9 0 6-3 10-8 10m-3 3 6-8" />
                    </svg>
                    <span class="brand-name">"Leptos with Clerk"</span>
                </a>
                <nav aria-label="Pages">
                    <A href="/" exact=true>"Home"</A>
                    <A href="/plans">"Plans"</A>
                    <A href="/profile">"Profile"</A>
                </nav>
                <div class="account">
                    <SignedOut>
                        <SignInButton class="button quiet">"Sign in"</SignInButton>
                        <SignUpButton class="button primary wide-only">"Sign up"</SignUpButton>
                    </SignedOut>
                    <SignedIn>
                        <UserButton user_profile_url="/profile" fallback=Placeholder />
                    </SignedIn>
                </div>
            </div>
        </header>
    }
}
