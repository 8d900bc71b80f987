//! From a request to the call that answers it.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, RawPathParams, Request, State, rejection::RawPathParamsRejection},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, get, on},
};
use http::{HeaderValue, Method, StatusCode, Uri, header, uri::PathAndQuery};
use tower::{Service, ServiceExt as _};
use url::{Url, form_urlencoded};

use super::{
    backend_api,
    call::{self, Api, Handler, Route, Shared},
    errors::ApiError,
    frontend_api, images, npm, page, provider,
    public_url::{MOUNT, is_loopback},
    reply::Reply,
};

const IMAGE_ROUTES: &[Route] = &[
    (Method::GET, "/images/{id}", images::serve),
    (Method::GET, "/avatars/{hue}/{name}", images::avatar),
];

/// What the SDKs ask for without the version.
const UNVERSIONED: [&str; 2] = ["/api_keys", "/m2m_tokens"];

/// Everything that the local Clerk serves.
pub(super) fn router(
    shared: Arc<Shared>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static {
    let mut router = Router::new();
    for (prefix, api, routes) in [
        (MOUNT, Api::Frontend, frontend_api::ROUTES),
        (MOUNT, Api::Page, IMAGE_ROUTES),
        (MOUNT, Api::Page, provider::ROUTES),
        ("", Api::Backend, backend_api::ROUTES),
        ("", Api::Machine, backend_api::MACHINE_ROUTES),
        ("", Api::Page, page::ROUTES),
    ] {
        for (method, path, handler) in routes {
            if let Ok(filter) = MethodFilter::try_from(method.clone()) {
                router = router.route(
                    &format!("{prefix}{path}"),
                    endpoint(filter, api, method, path, *handler),
                );
            }
        }
    }
    router
        .route(&format!("{MOUNT}/npm/{{*path}}"), get(npm_file))
        .method_not_allowed_fallback(async || Reply::from(ApiError::method_not_allowed()))
        .fallback(async || Reply::from(ApiError::unknown_path()))
        .layer(DefaultBodyLimit::max(call::BODY_LIMIT))
        .layer(middleware::from_fn(guard))
        .with_state(shared)
        .map_request(restore_method_and_path)
}

fn endpoint(
    filter: MethodFilter,
    api: Api,
    method: &'static Method,
    path: &'static str,
    handler: Handler,
) -> MethodRouter<Arc<Shared>> {
    on(
        filter,
        async move |State(shared),
                    params: Result<RawPathParams, RawPathParamsRejection>,
                    request: Request| {
            let Ok(params) = params else {
                return Reply::from(ApiError::unknown_path());
            };
            let params = call::path_params(&params);
            let reply = call::answer(Arc::clone(&shared), api, handler, params, request).await;
            if let Some(recorder) = &shared.recorder {
                recorder.record(api, method, path, &reply);
            }
            reply
        },
    )
}

async fn npm_file(State(shared): State<Arc<Shared>>, Path(path): Path<String>) -> Reply {
    npm::serve(&shared.npm_dir, &path).await
}

/// clerk-js sends all but GET as POST with `_method`, and now and then a slash too many; the SDKs leave the
/// version out of some paths.
fn restore_method_and_path(mut request: Request) -> Request {
    let path = request.uri().path();
    if UNVERSIONED.iter().any(|prefix| path.starts_with(prefix)) {
        let path = format!("/v1{path}");
        replace_path(&mut request, &path);
        return request;
    }
    if !path.starts_with(MOUNT) {
        return request;
    }
    if request.method() == Method::POST {
        let wanted = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .find_map(|(name, value)| (name == "_method").then_some(value));
        if let Some(method) = wanted.and_then(|method| Method::from_bytes(method.as_bytes()).ok())
            && [Method::PATCH, Method::PUT, Method::DELETE].contains(&method)
        {
            *request.method_mut() = method;
        }
    }
    if let Some(path) = request.uri().path().strip_suffix('/').map(str::to_owned) {
        replace_path(&mut request, &path);
    }
    request
}

fn replace_path(request: &mut Request, path: &str) {
    let uri = request.uri();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(format!("{path}{query}")).ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}

/// Answers this machine's names only, so that no web page can reach it by a name of its own (DNS
/// rebinding); lets pages of this machine's other ports call the Frontend API; and logs.
async fn guard(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    if !host.is_some_and(|host| is_loopback_origin(&format!("http://{host}"))) {
        let why = "The local Clerk answers to the names of this machine only.";
        return Reply::from(ApiError::new(StatusCode::FORBIDDEN, "host_invalid", why)).into_response();
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    if path.starts_with(MOUNT)
        && let Some(origin) = origin.filter(|origin| origin.to_str().is_ok_and(is_loopback_origin))
    {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    tracing::debug!(%method, path, status = response.status().as_u16(), "the local Clerk (not Clerk) answered");
    response
}

fn is_loopback_origin(origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| is_loopback(&url))
}
