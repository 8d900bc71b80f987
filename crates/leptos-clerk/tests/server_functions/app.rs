//! An app with server functions of every kind.

use axum::Router;
use axum_clerk::{Clerk, ClerkLayer};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_clerk::{AuthCheck, ClerkClient, ClerkServerError, Reverification, auth, current_user, protect};
use leptos_router::{
    components::{FlatRoutes, Route, Router as Pages},
    path,
};

#[server(client = ClerkClient, endpoint = "rename")]
async fn rename_team(name: String) -> Result<String, ClerkServerError> {
    let who = protect(AuthCheck::role("org:admin")).await?;
    if name.is_empty() {
        return Err(ClerkServerError::new("name_empty", "The team needs a name."));
    }
    Ok(format!("{} renames the team to {name}", who.user_id))
}

#[server(endpoint = "forgotten")]
async fn forgotten() -> Result<String, ClerkServerError> {
    Ok("what strangers must not see".to_owned())
}

#[server(endpoint = "forgotten_check")]
async fn forgotten_check() -> Result<(), ClerkServerError> {
    protect(AuthCheck::signed_in()).await?;
    Ok(())
}

#[server(endpoint = "search")]
pub(crate) async fn search(text: String) -> Result<String, ClerkServerError> {
    let auth = auth()?;
    Ok(format!("{}: {text}", auth.user_id().unwrap_or("signed out")))
}

#[server(endpoint = "hidden")]
async fn hidden() -> Result<(), ClerkServerError> {
    protect(AuthCheck::role("org:admin").or_not_found()).await?;
    Ok(())
}

#[server(endpoint = "delete")]
async fn delete_team() -> Result<(), ClerkServerError> {
    protect(AuthCheck::role("org:admin").within(Reverification::strict())).await?;
    Ok(())
}

#[server(endpoint = "either")]
async fn either() -> Result<(), ClerkServerError> {
    if protect(AuthCheck::role("org:admin")).await.is_err() {
        protect(AuthCheck::role("org:member")).await?;
    }
    Ok(())
}

#[server(endpoint = "my_name")]
pub(crate) async fn my_name() -> Result<Option<String>, ClerkServerError> {
    Ok(current_user().await?.map(|user| user.display_name()))
}

#[server(endpoint = "members")]
async fn members() -> Result<String, ClerkServerError> {
    let who = protect(AuthCheck::role("org:admin")).await?;
    Ok(format!(
        "members of {}",
        who.org.map(|org| org.id).unwrap_or_default()
    ))
}

#[component]
fn App() -> impl IntoView {
    view! {
        <Pages>
            <FlatRoutes fallback=|| "Not found">
                <Route path=path!("/team") view=Team />
            </FlatRoutes>
        </Pages>
    }
}

#[component]
fn Team() -> impl IntoView {
    let members = Resource::new_blocking(|| (), |()| members());
    view! {
        <Suspense>
            {move || {
                members.get().map(|members| members.unwrap_or_else(|error| error.to_string()))
            }}
        </Suspense>
    }
}

pub(crate) fn routes() -> Router {
    let options = LeptosOptions::builder().output_name("app").build();
    Router::new()
        .leptos_routes(&options, generate_route_list(App), App)
        .with_state(options)
}

pub(crate) fn layer(clerk: Clerk) -> ClerkLayer {
    ClerkLayer::new(clerk)
        .public_server_fn::<Search>()
        .public_server_fn::<MyName>()
}
