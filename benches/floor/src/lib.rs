//! What a page costs without Clerk, sessions, security headers and logging: the app's home page, signed out at `/` and
//! signed in at `/in`, from bare axum and Leptos. `/ok` is what a request costs without a page.

mod page;

use axum::{Router, routing::get};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use self::page::{App, shell};

/// The routes. `compress` adds the compression that the app has.
pub fn router(compress: bool) -> Router {
    let options = LeptosOptions::builder().output_name("floor").build();
    let pages = Router::new()
        .leptos_routes(&options, generate_route_list(App), shell)
        .route("/ok", get(async || "ok"))
        .with_state(options);
    if !compress {
        return pages;
    }
    let compression = CompressionLayer::new()
        .no_br()
        .no_deflate()
        .quality(CompressionLevel::Precise(2));
    pages.layer(compression)
}
