use std::{error::Error, path::Path};

use axum::Router;
use axum_clerk::{Clerk, ClerkLayer, Options, ProtectPathsLayer, frontend_api_proxy};
use leptos::prelude::get_configuration;
use leptos_axum::{LeptosRoutes, file_and_error_handler, generate_route_list};
use gallery::app::{App, PROTECTED, shell};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY, and what else the environment says.
    let mut options = Options::from_env()?;
    options.sign_in_url = Some("/sign-in".into());
    options.sign_up_url = Some("/sign-up".into());
    let clerk = Clerk::new(options)?;

    let leptos = get_configuration(None)?.leptos_options;
    let document = {
        let leptos = leptos.clone();
        move || shell(leptos.clone())
    };
    let app = Router::new()
        .leptos_routes(&leptos, generate_route_list(App), document)
        .fallback(file_and_error_handler(shell))
        .layer(ProtectPathsLayer::new(PROTECTED))
        .layer(ClerkLayer::new(clerk.clone()))
        // Routes below this line are not authenticated.
        .nest_service("/pkg", ServeDir::new(Path::new(&*leptos.site_root).join("pkg")))
        .merge(frontend_api_proxy(&clerk)?)
        .with_state(leptos.clone());

    let listener = TcpListener::bind(leptos.site_addr).await?;
    println!("listening on http://localhost:{}", listener.local_addr()?.port());
    axum::serve(listener, app).await?;
    Ok(())
}
