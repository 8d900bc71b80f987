//! The page, as Leptos's book would have it written.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    components::{A, FlatRoutes, Route, Router},
    hooks::use_location,
    path,
};

/// As long as the state that the app's page carries.
const SIGNED_OUT: &str = r#"{"auth":{"user_id":null,"session_id":null,"session_status":null,"actor":null,"org_id":null,"org_role":null,"org_slug":null,"org_permissions":null,"factor_verification_age":null,"session_claims":null},"user":null,"options":{"publishable_key":"pk_test_bG9jYWwuY2xlcmsuYWNjb3VudHMuZGV2JA","proxy_url":"/__clerk","domain":null,"is_satellite":false,"sign_in_url":"/sign-in","sign_up_url":"/sign-up","sign_in_fallback_redirect_url":"/","sign_up_fallback_redirect_url":"/","clerk_js_url":"/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js","clerk_ui_url":"/__clerk/npm/@clerk/ui@1/dist/ui.browser.js","telemetry_disabled":true,"local":true}}"#;
const SIGNED_IN: &str = r#"{"auth":{"user_id":"user_3MfX8cOaldFLiiPiuTzqkkm2mlG","session_id":"sess_3MfX8eF0lz9OVzGsizVKYWjOXmG","session_status":"active","actor":null,"org_id":null,"org_role":null,"org_slug":null,"org_permissions":null,"factor_verification_age":[0,-1],"session_claims":{"azp":"http://localhost:32995","exp":1795746037,"fea":"u:projects","fva":[0,-1],"iat":1795742437,"iss":"https://local.clerk.accounts.dev","jti":"u4fmkpzuweqeqaok6qzc","nbf":1795742427,"pla":"u:free_user","sid":"sess_3MfX8eF0lz9OVzGsizVKYWjOXmG","sts":"active","sub":"user_3MfX8cOaldFLiiPiuTzqkkm2mlG","v":2}},"user":{"id":"user_3MfX8cOaldFLiiPiuTzqkkm2mlG","first_name":"Ada","last_name":"Lovelace","username":null,"email_address":"ada@example.com","image_url":"http://localhost:32995/__clerk/avatars/217/AL.svg"},"options":{"publishable_key":"pk_test_bG9jYWwuY2xlcmsuYWNjb3VudHMuZGV2JA","proxy_url":"/__clerk","domain":null,"is_satellite":false,"sign_in_url":"/sign-in","sign_up_url":"/sign-up","sign_in_fallback_redirect_url":"/","sign_up_fallback_redirect_url":"/","clerk_js_url":"/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js","clerk_ui_url":"/__clerk/npm/@clerk/ui@1/dist/ui.browser.js","telemetry_disabled":true,"local":true}}"#;

#[derive(Clone, Copy)]
struct SignedIn(Signal<bool>);

pub(crate) fn shell() -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link rel="stylesheet" href="/pkg/leptos-with-clerk.css" />
                <link rel="modulepreload" href="/pkg/leptos-with-clerk.js" />
                <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="" href="/pkg/leptos-with-clerk.wasm" />
                <script defer crossorigin="anonymous" src="/__clerk/npm/@clerk/ui@1/dist/ui.browser.js"></script>
                <script
                    defer
                    crossorigin="anonymous"
                    data-clerk-publishable-key="pk_test_bG9jYWwuY2xlcmsuYWNjb3VudHMuZGV2JA"
                    data-clerk-proxy-url="/__clerk"
                    src="/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js"
                ></script>
                <script type="module">
                    "import init, { hydrate } from '/pkg/leptos-with-clerk.js';\nawait init({ module_or_path: '/pkg/leptos-with-clerk.wasm' });\nhydrate();"
                </script>
                <noscript>
                    <style>"[data-clerk-component]{display:none}.without-scripts{display:block}"</style>
                </noscript>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
pub(crate) fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title| format!("{title} · Leptos with Clerk") />
        <Router>
            <Frame />
        </Router>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let path = use_location().pathname;
    let signed_in = Signal::derive(move || path.get() == "/in");
    provide_context(SignedIn(signed_in));
    view! {
        <script type="application/json" inner_html=if signed_in.get_untracked() { SIGNED_IN } else { SIGNED_OUT }></script>
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <Header />
        <main id="main">
            <FlatRoutes fallback=|| "Not found">
                <Route path=path!("/") view=Home />
                <Route path=path!("/in") view=Home />
            </FlatRoutes>
        </main>
        <footer class="site-footer">
            <div class="bar">
                <p>"Rendered in Rust on the server, hydrated with WebAssembly in the browser."</p>
                <p class="tag" title="Accounts, codes and cards exist on this machine only">"Local Clerk, not Clerk"</p>
            </div>
        </footer>
    }
}

#[component]
fn Header() -> impl IntoView {
    let SignedIn(signed_in) = expect_context();
    view! {
        <header class="site-header">
            <div class="bar">
                <A href="/" attr:class="brand">
                    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                        <path d="M16 2 28 8v9c0 7-5 11-12 13C9 28 4 24 4 17V8z" />
                        <path class="brand-leaf" d="M11 20c0-6 4-9 10-9 0 6-3 10-8 10m-3 3 6-8" />
                    </svg>
                    <span class="brand-name">"Leptos with Clerk"</span>
                </A>
                <nav aria-label="Pages">
                    <A href="/" exact=true>"Home"</A>
                    <A href="/plans">"Plans"</A>
                    <A href="/profile">"Profile"</A>
                </nav>
                <div class="account">
                    <Show when=move || !signed_in.get()>
                        <a href="/sign-in" class="button quiet">"Sign in"</a>
                        <a href="/sign-up" class="button primary wide-only">"Sign up"</a>
                    </Show>
                    <Show when=move || signed_in.get()>
                        <div data-clerk-component="user-button">
                            <div></div>
                            <div class="clerk-placeholder" aria-hidden="true"></div>
                        </div>
                    </Show>
                </div>
            </div>
        </header>
    }
}

#[component]
fn Home() -> impl IntoView {
    let SignedIn(signed_in) = expect_context();
    view! {
        <Title text="Home" />
        <section class="hero">
            <div class="hero-text">
                <p class="eyebrow">"Rust on both sides"</p>
                <Show when=move || !signed_in.get()>
                    <h1>"Sign-in is decided before the first byte."</h1>
                </Show>
                <Show when=move || signed_in.get()>
                    <h1>{move || format!("Welcome back, {}.", "Ada Lovelace")}</h1>
                </Show>
                <p class="lead">
                    "A Rust server rendered this page and already knew who was asking. WebAssembly takes over in the "
                    "browser, and the forms are Clerk's own components."
                </p>
                <div class="actions">
                    <Show when=move || !signed_in.get()>
                        <a href="/sign-up" class="button primary large">"Create an account"</a>
                        <a href="/sign-in" class="button large">"Sign in"</a>
                    </Show>
                    <Show when=move || signed_in.get()>
                        <A href="/profile" attr:class="button primary large">"Your profile"</A>
                        <A href="/plans" attr:class="button large">"See the plans"</A>
                    </Show>
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
fn SessionCard() -> impl IntoView {
    let SignedIn(signed_in) = expect_context();
    let row = move |name: &'static str, value: &'static str| {
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd>{move || if signed_in.get() { value.to_owned() } else { "none".to_owned() }}</dd>
            </div>
        }
    };
    view! {
        <section class="card session-card" aria-labelledby="session-card-title">
            <header>
                <h2 id="session-card-title">"Decided on the server"</h2>
                <p class="state" class:on=signed_in>
                    {move || if signed_in.get() { "Signed in" } else { "Signed out" }}
                </p>
            </header>
            <dl>
                {row("User", "user_3MfX8cOaldFLiiPiuTzqkkm2mlG")} {row("Session", "sess_3MfX8eF0lz9OVzGsizVKYWjOXmG")}
                {row("Plan", "free_user")} {row("Organization", "none")}
            </dl>
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
