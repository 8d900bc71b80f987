//! What it costs the server to render Clerk's components, beside the same markup without them.
//!
//!     cargo bench -p leptos-clerk --features ssr
#![allow(clippy::unwrap_used, reason = "a failing measurement may panic")]

use std::{hint::black_box, sync::Arc, time::Duration};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::{Request, request::Parts};
use leptos::prelude::*;
use leptos_clerk::{
    Auth, ClerkProvider, ClerkScripts, ClientOptions, ProtectPaths, ProtectedPaths, SignedIn, SignedOut,
    User, UserButton, use_user,
};
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    location::RequestUrl,
    path,
};
use serde_json::json;

const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);

criterion_main!(benches);
criterion_group! {
    name = benches;
    // The figures vary little.
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2));
    targets = signed_in, signed_out
}

fn signed_in(criterion: &mut Criterion) {
    let auth = Auth::from_claims(json!({
        "sub": "user_1", "sid": "sess_1", "sts": "active", "v": 2, "fea": "o:posts,o:members",
        "o": {"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,write,manage", "fpm": "3,7"},
    }))
    .unwrap();
    let mut parts = parts();
    parts.extensions.insert(auth);
    parts.extensions.insert(User {
        id: "user_1".to_owned(),
        first_name: Some("Ada".to_owned()),
        ..User::default()
    });
    let mut group = Group::new(criterion, "signed in", &parts);
    group.bench("without Clerk", "Members", without_clerk);
    group.bench("provider", "clerk-load-options", provider);
    group.bench("signed in and signed out", "Members", conditional);
    group.bench("name and user button", "Hello, Ada", name_and_button);
    group.bench("protected route", "Your profile", protected_route);
    group.bench("scripts", "user_1", scripts);
}

fn signed_out(criterion: &mut Criterion) {
    let mut parts = parts();
    parts.extensions.insert(Auth::signed_out());
    let mut group = Group::new(criterion, "signed out", &parts);
    group.bench("without Clerk", "Members", without_clerk);
    group.bench("provider", "clerk-load-options", provider);
    group.bench("signed in and signed out", "Visitors", conditional);
    group.bench("name and user button", "Hello, stranger", name_and_button);
    // In an app, the server redirects before it renders this.
    let page = render(parts.clone(), protected_route);
    assert!(!page.contains("Your profile"), "{page}");
    group.bench("protected route", "clerk-load-options", protected_route);
    group.bench("scripts", "clerk-state", scripts);
}

/// The benchmarks of one visitor.
struct Group<'a> {
    criterion: &'a mut Criterion,
    visitor: &'static str,
    parts: &'a Parts,
}

impl<'a> Group<'a> {
    fn new(criterion: &'a mut Criterion, visitor: &'static str, parts: &'a Parts) -> Self {
        Self {
            criterion,
            visitor,
            parts,
        }
    }

    /// Measures a view that must contain a text.
    fn bench<V: RenderHtml>(&mut self, name: &str, expected: &str, view: fn() -> V) {
        let page = render(self.parts.clone(), view);
        assert!(page.contains(expected), "{name}: {page}");
        let mut group = self.criterion.benchmark_group(self.visitor);
        // The copy is not measured: a server moves the parts of each request into the context.
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || self.parts.clone(),
                |parts| render(black_box(parts), view),
                BatchSize::SmallInput,
            );
        });
        group.finish();
    }
}

/// The parts of a request for a protected page, with what `ClerkLayer` adds for every visitor.
fn parts() -> Parts {
    let (mut parts, ()) = Request::get("/profile").body(()).unwrap().into_parts();
    parts.extensions.insert(Arc::new(ClientOptions {
        publishable_key: "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k".to_owned(),
        sign_in_url: "/sign-in".to_owned(),
        sign_up_url: "/sign-up".to_owned(),
        clerk_js_url: "https://clerk.example.com/npm/@clerk/clerk-js@6/dist/clerk.browser.js".to_owned(),
        clerk_ui_url: "https://clerk.example.com/npm/@clerk/ui@1/dist/ui.browser.js".to_owned(),
        ..ClientOptions::default()
    }));
    parts
}

/// Renders a view as for one request: with a reactive owner of its own, which is dropped at the end.
fn render<V: RenderHtml>(parts: Parts, view: fn() -> V) -> String {
    Owner::new().with(|| {
        provide_context(RequestUrl::new(parts.uri.path()));
        provide_context(parts);
        view().to_html()
    })
}

fn without_clerk() -> impl RenderHtml {
    view! {
        <script id="clerk-load-options" r#type="application/json"></script>
        <nav><a href="/members">"Members"</a></nav>
    }
}

fn provider() -> impl RenderHtml {
    view! { <ClerkProvider>""</ClerkProvider> }.into_any()
}

fn conditional() -> impl RenderHtml {
    view! {
        <ClerkProvider>
            <nav>
                <SignedIn>
                    <a href="/members">"Members"</a>
                </SignedIn>
                <SignedOut>
                    <a href="/sign-in">"Visitors"</a>
                </SignedOut>
            </nav>
        </ClerkProvider>
    }
    .into_any()
}

fn name_and_button() -> impl RenderHtml {
    #[component]
    fn Greeting() -> impl IntoView {
        let user = use_user();
        let name = move || user.with(|user| user.as_ref().map_or("stranger".to_owned(), User::display_name));
        view! {
            <p>{move || format!("Hello, {}", name())}</p>
            <UserButton />
        }
    }

    view! {
        <ClerkProvider>
            <Greeting />
        </ClerkProvider>
    }
    .into_any()
}

fn protected_route() -> impl RenderHtml {
    view! {
        <Router>
            <ClerkProvider>
                <FlatRoutes fallback=|| "Not found">
                    <ProtectPaths paths=PROTECTED>
                        <Route path=path!("/") view=|| "Home" />
                        <Route path=path!("/profile") view=|| "Your profile" />
                    </ProtectPaths>
                </FlatRoutes>
            </ClerkProvider>
        </Router>
    }
    .into_any()
}

fn scripts() -> impl RenderHtml {
    view! { <ClerkScripts /> }.into_any()
}
