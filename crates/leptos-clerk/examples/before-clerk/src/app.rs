use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    components::{A, FlatRoutes, Route, Router},
    path,
};

pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="icon" href="data:," />
                <HashedStylesheet options=options.clone() />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="My app" />
        <Router>
            <header>
                <A href="/">"Home"</A>
                <A href="/profile">"Profile"</A>
            </header>
            <main>
                <FlatRoutes fallback=|| "This page does not exist.">
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/profile") view=Profile />
                </FlatRoutes>
            </main>
        </Router>
    }
}

#[component]
fn Home() -> impl IntoView {
    view! { <h1>"My app"</h1> }
}

#[component]
fn Profile() -> impl IntoView {
    view! { <h1>"Your profile"</h1> }
}
