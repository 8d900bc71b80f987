use leptos::prelude::*;
use leptos_clerk::{ClerkProvider, ClerkScripts, ProtectPaths, ProtectedPaths};
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::pages::{Contents, Example};

/// The pages for signed-in visitors, for the server and the browser alike.
pub const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/protected"]);

pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="icon" href="data:," />
                <HashedStylesheet options=options.clone() />
                <ClerkScripts />
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
        <Title text="Gallery of leptos-clerk" />
        <Router>
            <ClerkProvider>
                <header>
                    <a href="/">"All components"</a>
                </header>
                <main>
                    <FlatRoutes fallback=|| "This page does not exist.">
                        <ProtectPaths paths=PROTECTED>
                            <Route path=path!("/") view=Contents />
                            <Route path=path!("/protected") view=|| "Only for signed-in visitors." />
                            <Route path=path!("/:component/:page?") view=Example />
                            // The session tasks of the sign-in form.
                            <Route path=path!("/:component/tasks/:task") view=Example />
                        </ProtectPaths>
                    </FlatRoutes>
                </main>
            </ClerkProvider>
        </Router>
    }
}
