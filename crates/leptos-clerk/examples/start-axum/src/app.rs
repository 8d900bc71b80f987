use leptos::prelude::*;
use leptos_clerk::{
    ClerkProvider, ClerkScripts, ProtectPaths, ProtectedPaths, SignIn, SignInButton, SignUp, SignUpButton,
    SignedIn, SignedOut, UserButton, use_auth, use_user,
};
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    components::{A, FlatRoutes, Route, Router},
    path,
};

/// The pages for signed-in visitors, for the server and the browser alike.
pub const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);

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
        <Title text="My app" />
        <Router>
            <ClerkProvider>
                <header>
                    <A href="/">"Home"</A>
                    <A href="/profile">"Profile"</A>
                    <SignedIn>
                        <UserButton />
                    </SignedIn>
                    <SignedOut>
                        <SignInButton>"Sign in"</SignInButton>
                        <SignUpButton>"Sign up"</SignUpButton>
                    </SignedOut>
                </header>
                <main>
                    <FlatRoutes fallback=|| "This page does not exist.">
                        <ProtectPaths paths=PROTECTED>
                            <Route path=path!("/") view=Home />
                            <Route path=path!("/profile") view=Profile />
                            // The steps of the forms are paths below them.
                            <Route path=path!("/sign-in/:step?") view=|| view! { <SignIn /> } />
                            <Route path=path!("/sign-up/:step?") view=|| view! { <SignUp /> } />
                        </ProtectPaths>
                    </FlatRoutes>
                </main>
            </ClerkProvider>
        </Router>
    }
}

#[component]
fn Home() -> impl IntoView {
    let auth = use_auth();
    let greeting = move || match auth.with(|auth| auth.user_id().map(str::to_owned)) {
        Some(user_id) => format!("You are signed in as {user_id}."),
        None => "You are signed out.".to_owned(),
    };
    view! {
        <h1>"My app"</h1>
        <p>{greeting}</p>
    }
}

#[component]
fn Profile() -> impl IntoView {
    let user = use_user();
    let email = move || user.with(|user| user.as_ref()?.email_address.clone());
    view! {
        <h1>"Your profile"</h1>
        <p>{email}</p>
    }
}
