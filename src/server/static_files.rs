//! Built files and files of `public/`, served without authentication.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use leptos::config::LeptosOptions;
use tower::{ServiceBuilder, ServiceExt};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// For file names that change with the content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");
const ONE_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const UNCACHED: HeaderValue = HeaderValue::from_static("no-store");

/// Returns the routes of the package directory: the WebAssembly, its script and the style sheet.
pub(crate) fn package<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    let caching = match options.hash_files {
        true => IMMUTABLE,
        false => REVALIDATED,
    };
    let files = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            move |response: &Response<_>| {
                Some(if is_cacheable(response.status()) {
                    caching.clone()
                } else {
                    UNCACHED
                })
            },
        ))
        .layer(SetResponseHeaderLayer::overriding(
            header::VARY,
            HeaderValue::from_static("accept-encoding"),
        ))
        .service(directory(options));
    Router::new().route_service(&leptos_axum::site_pkg_dir_service_route_path(options), files)
}

/// Serves a file of the site root, such as `/favicon.svg`, if the path names one; other requests go on. Only paths
/// with a dot in the last segment are looked up, so pages cost no file access.
pub(crate) async fn public(
    State(options): State<LeptosOptions>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let path = request.uri().path();
    let names_a_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if !names_a_file || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let lookup = Request::from_parts(parts.clone(), Body::empty());
    // The error type is uninhabited: a failed read is a response with an error status.
    let Ok(found) = directory(&options).oneshot(lookup).await;
    if !is_cacheable(found.status()) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let mut response = found.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, ONE_HOUR);
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn directory(options: &LeptosOptions) -> ServeDir {
    leptos_axum::site_pkg_dir_service(options).append_index_html_on_directories(false)
}

fn is_cacheable(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::NOT_MODIFIED
}
