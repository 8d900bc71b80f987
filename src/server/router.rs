//! Which request goes where, and through which layers.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use axum_clerk::{Clerk, ClerkLayer, frontend_api_proxy};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, DefaultPredicate,
        predicate::{NotForContentType, Predicate},
    },
    limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer,
};

use super::{
    api, csrf, errors, health, pages, redirect,
    security::{SecurityHeaders, security_headers},
    sessions,
    state::AppState,
    static_files, trace, webhooks,
};

/// No page or server function of the app takes more.
const BODY_LIMIT: usize = 1024 * 1024;

/// A profile image may have ten megabytes, and comes in a multipart form.
const PROXY_BODY_LIMIT: usize = 12 * 1024 * 1024;

/// Until the head of the answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The whole program as one service.
pub(crate) fn router(state: &AppState, security: SecurityHeaders) -> reqwest::Result<Router> {
    let outer = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route(
            "/webhooks/clerk",
            post(webhooks::receive).layer(DefaultBodyLimit::max(BODY_LIMIT)),
        )
        .with_state(state.clone())
        .merge(static_files::package(&state.leptos))
        .fallback_service(dynamic(state))
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(from_fn_with_state(Arc::new(security), security_headers));
    Ok(outer
        .merge(proxy(&state.clerk)?)
        .layer(from_fn(origin_form))
        .layer(from_fn(trace::requests)))
}

/// What depends on who is asking, unless it is a file of the site root. Layers run from the last to
/// the first.
fn dynamic(state: &AppState) -> Router {
    let pages = pages::routes(&state.leptos)
        .layer(from_fn_with_state(state.clone(), sessions::with_user))
        .layer(from_fn(redirect::protect));
    let routes = Router::new()
        .route("/api/me", get(api::me))
        .route("/api/session/refresh", post(sessions::refresh))
        .route("/api/{*rest}", any(api::not_found))
        .merge(pages)
        .with_state(state.clone());
    state
        .sessions
        .layer(routes)
        .layer(from_fn_with_state(state.clone(), csrf::guard))
        .layer(ClerkLayer::new(state.clerk.clone()).on_error(errors::clerk))
        .layer(from_fn(redirect::trim_trailing_slash))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIMEOUT,
        ))
        .layer(compression())
        .layer(from_fn_with_state(state.leptos.clone(), static_files::public))
}

/// The Frontend API proxy has no timeout and none of the app's headers: it answers as Clerk does.
fn proxy(clerk: &Clerk) -> reqwest::Result<Router> {
    if clerk.options().proxy_url.is_none() {
        return Ok(Router::new());
    }
    let routes = frontend_api_proxy(clerk)?
        .layer(RequestBodyLimitLayer::new(PROXY_BODY_LIMIT))
        .layer(CatchPanicLayer::custom(errors::panicked));
    // The local Clerk is on this machine, as is the browser.
    Ok(if clerk.options().local {
        routes
    } else {
        routes.layer(compression())
    })
}

/// JSON stays as it is: it is small, and where it holds a token its compressed length could tell about
/// it (BREACH).
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/json")))
}

/// Refuses request targets that are no path, such as that of `CONNECT` or `OPTIONS *`.
async fn origin_form(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with('/') {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")]).into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, Bytes};
    use futures_util::{StreamExt, stream};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn compression_does_not_hold_back_what_is_streamed() {
        let first = Bytes::from(format!("<!DOCTYPE html>{}", "<p>early</p>".repeat(20)));
        let endless = move || async move {
            let chunks = stream::iter([Ok::<_, std::io::Error>(first)]).chain(stream::pending());
            ([(header::CONTENT_TYPE, "text/html")], Body::from_stream(chunks))
        };
        let router: Router = Router::new().route("/", get(endless)).layer(compression());
        let request = Request::builder()
            .header("accept-encoding", "br")
            .body(Body::empty())
            .unwrap();
        let Ok(mut response) = router.oneshot(request).await;
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
        // Never comes if the encoder waits for more.
        let frame = response.body_mut().frame().await.unwrap().unwrap();
        assert!(!frame.into_data().unwrap().is_empty());
    }
}
