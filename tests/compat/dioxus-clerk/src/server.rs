use std::{env, error::Error};

use axum::{Router, response::Html, routing::get};
use dioxus_clerk::{
    core::ClerkAuth,
    server::{ClerkAuthLayer, ClerkAuthLayerConfig},
};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

const PAGE: &str = include_str!("../index.html");

pub async fn run() -> Result<(), Box<dyn Error>> {
    // With a Clerk of your own: ClerkAuthLayer::from_env()?
    let config = ClerkAuthLayerConfig::new(env::var("CLERK_SECRET_KEY")?)
        .with_insecure_backend_api_base_url(format!("{}/v1", env::var("CLERK_API_URL")?));
    let page = PAGE
        .replace("{publishable_key}", &env::var("CLERK_PUBLISHABLE_KEY")?)
        .replace("{clerk_url}", &env::var("CLERK_FAPI_URL")?);
    let app = Router::new()
        .route("/api/me", get(async |auth: ClerkAuth| auth.user_id))
        .layer(ClerkAuthLayer::from_config(config)?)
        .nest_service("/pkg", ServeDir::new("dist"))
        .fallback(async move || Html(page.clone()));
    let listener = TcpListener::bind(("127.0.0.1", env::var("PORT")?.parse()?)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
