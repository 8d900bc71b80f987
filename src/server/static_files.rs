//! The built files and those of `public/`, served before anybody asks who is asking.

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

/// The name of a file of the package directory changes with its content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");
const ONE_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const UNCACHED: HeaderValue = HeaderValue::from_static("no-store");

/// The routes of the package directory: the WebAssembly, its script and the style sheet.
pub(crate) fn package<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    let caching = if options.hash_files {
        IMMUTABLE
    } else {
        REVALIDATED
    };
    let files = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            move |response: &Response<_>| {
                Some(if cacheable(response.status()) {
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

/// Answers with a file of the site root where the path names one, such as `/favicon.svg`; everything
/// else goes on. Only a path with a dot in its last segment can, so pages cost no look at the disk.
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
    // The error type is uninhabited: a failing read is an answer with its status.
    let Ok(found) = directory(&options).oneshot(lookup).await;
    if !cacheable(found.status()) {
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

fn cacheable(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::NOT_MODIFIED
}
