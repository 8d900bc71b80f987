//! The smallest axum API with Clerk.
//!
//! It reads `CLERK_PUBLISHABLE_KEY` and `CLERK_SECRET_KEY` from the environment, so it runs against an instance of
//! Clerk, or without an account against the local Clerk, which prints the variables to set:
//!
//! ```sh
//! local-clerk                                  # in one terminal
//! env CLERK_PUBLISHABLE_KEY=… cargo run --example api   # in another, with the printed variables
//! ```

use axum::{Json, Router, routing::get};
use axum_clerk::{Clerk, ClerkLayer, MaybeAuth, RequireAuth, SignedIn};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clerk = Clerk::from_env()?;
    let app = Router::new()
        .route("/", get(home))
        .route("/me", get(me))
        .layer(ClerkLayer::new(clerk));
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

async fn home(MaybeAuth(auth): MaybeAuth) -> String {
    match auth.signed_in() {
        Some(who) => format!("Hello, {}", who.user_id),
        None => "Hello, stranger".to_owned(),
    }
}

async fn me(RequireAuth(who): RequireAuth) -> Json<SignedIn> {
    Json(who)
}
