use std::{error::Error, path::Path};

use axum::Router;
use leptos::prelude::get_configuration;
use leptos_axum::{LeptosRoutes, file_and_error_handler, generate_route_list};
use start_axum::app::{App, shell};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let leptos = get_configuration(None)?.leptos_options;
    let document = {
        let leptos = leptos.clone();
        move || shell(leptos.clone())
    };
    let app = Router::new()
        .leptos_routes(&leptos, generate_route_list(App), document)
        .fallback(file_and_error_handler(shell))
        .nest_service("/pkg", ServeDir::new(Path::new(&*leptos.site_root).join("pkg")))
        .with_state(leptos.clone());

    let listener = TcpListener::bind(leptos.site_addr).await?;
    println!("listening on http://localhost:{}", listener.local_addr()?.port());
    axum::serve(listener, app).await?;
    Ok(())
}
