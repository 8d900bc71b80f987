//! What search engines ask for: which pages there are, and which to leave out.

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

/// The path of the file that says what to leave out.
pub const ROBOTS: &str = "/robots.txt";
/// The path of the list of pages.
pub const SITEMAP: &str = "/sitemap.xml";

/// Routes both files of a site at this origin. Search engines may list the pages at the paths `listed`, and are asked to leave out
/// what is below `disallowed`.
pub fn routes(origin: &str, listed: &[&str], disallowed: &[&str]) -> Router {
    let (robots, sitemap) = (robots(origin, disallowed), sitemap(origin, listed));
    Router::new()
        .route(
            ROBOTS,
            get(async move || file("text/plain; charset=utf-8", robots)),
        )
        .route(SITEMAP, get(async move || file("application/xml", sitemap)))
}

fn robots(origin: &str, disallowed: &[&str]) -> String {
    let disallowed: String = disallowed
        .iter()
        .flat_map(|path| ["Disallow: ", path, "\n"])
        .collect();
    format!("User-agent: *\n{disallowed}\nSitemap: {origin}{SITEMAP}\n")
}

fn sitemap(origin: &str, listed: &[&str]) -> String {
    let urls: String = listed
        .iter()
        .flat_map(|path| ["<url><loc>", origin, path, "</loc></url>"])
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>"#
    )
}

fn file(content_type: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, body).into_response()
}
