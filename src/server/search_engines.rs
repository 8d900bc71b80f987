//! What search engines ask for: which pages there are, and which to leave out.

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use maud::{PreEscaped, html};
use url::Url;

use crate::app::LISTED;

pub(crate) const ROBOTS: &str = "/robots.txt";
pub(crate) const SITEMAP: &str = "/sitemap.xml";

pub(crate) fn routes(app_url: &Url) -> Router {
    let origin = app_url.origin().ascii_serialization();
    let (robots, sitemap) = (robots(&origin), sitemap(&origin));
    Router::new()
        .route(
            ROBOTS,
            get(async move || file("text/plain; charset=utf-8", robots)),
        )
        .route(SITEMAP, get(async move || file("application/xml", sitemap)))
}

fn robots(origin: &str) -> String {
    format!("User-agent: *\nDisallow: /profile\nDisallow: /api/\n\nSitemap: {origin}{SITEMAP}\n")
}

fn sitemap(origin: &str) -> String {
    let sitemap = html! {
        (PreEscaped(r#"<?xml version="1.0" encoding="UTF-8"?>"#))
        urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {
            @for path in LISTED {
                url { loc { (origin) (path) } }
            }
        }
    };
    sitemap.into_string()
}

fn file(content_type: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, body).into_response()
}
