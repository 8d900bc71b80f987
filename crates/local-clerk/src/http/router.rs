//! Routing: from a method and a path to the handler that answers.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, RawPathParams, Request, State, rejection::RawPathParamsRejection},
    middleware,
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};
use http::{Method, Uri, uri::PathAndQuery};
use tower::{Service, ServiceExt as _};
use url::form_urlencoded;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    model::MOUNT,
};

use super::{
    BODY_LIMIT, Reply, Shared, answer::answer, contract::Operation, host_guard::guard, observe::observe,
    recorder,
};

/// Answers a request. An error rolls the transaction back; an error whose effects must persist, such as
/// a counted attempt, is returned as a reply.
pub(crate) type Handler = fn(&mut Context<'_>, &super::Request) -> Result<Reply, Error>;

/// Completes the reply of every handler of a group.
pub(crate) type Finish = fn(&Context<'_>, &super::Request, Reply) -> Result<Reply, Error>;

/// One endpoint: its method, its path and its handler.
pub(crate) type Route = (Method, &'static str, Handler);

/// Who calls an endpoint, and with which credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// Browsers, identified by their cookies or their dev browser.
    Frontend,
    /// Servers, which hold the secret key.
    Backend,
    /// Servers and machines; the handler tells them apart by their keys.
    Machine,
    /// OAuth applications, and the browsers that they send; with parameters and errors of OAuth 2.0.
    Oauth,
    /// Test suites; pages of strangers are refused.
    Control,
    /// The developer.
    Dashboard,
    /// Anyone: pages and images.
    Page,
}

/// Routes with a common path prefix and common callers.
#[derive(Clone, Copy)]
pub(crate) struct RouteGroup {
    pub(crate) prefix: &'static str,
    pub(crate) api: Api,
    pub(crate) routes: &'static [Route],
    pub(crate) finish: Option<Finish>,
}

/// Paths that the SDKs request without the version.
const UNVERSIONED: [&str; 3] = ["/api_keys", "/m2m_tokens", "/oauth_applications"];

/// Builds the service that answers the routes of these groups and those of `files`.
pub(crate) fn router(
    shared: Arc<Shared>,
    groups: &[RouteGroup],
    files: Router<Arc<Shared>>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static {
    let mut router = files;
    for group in groups {
        for (method, path, handler) in group.routes {
            if let Ok(filter) = MethodFilter::try_from(method.clone()) {
                router = router.route(
                    &format!("{}{path}", group.prefix),
                    endpoint(filter, *group, method, path, *handler),
                );
            }
        }
    }
    router
        .method_not_allowed_fallback(async || Reply::from(ApiError::method_not_allowed()))
        .fallback(async || Reply::from(ApiError::unknown_path()))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), observe))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard))
        .with_state(shared)
        .map_request(restore_method_and_path)
}

fn endpoint(
    filter: MethodFilter,
    group: RouteGroup,
    method: &'static Method,
    path: &'static str,
    handler: Handler,
) -> MethodRouter<Arc<Shared>> {
    let operation = Operation::find(group.api, method, path);
    on(
        filter,
        async move |State(shared): State<Arc<Shared>>,
                    params: Result<RawPathParams, RawPathParamsRejection>,
                    request: Request| {
            let Ok(params) = params else {
                return Reply::from(ApiError::unknown_path());
            };
            let params = params
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let client = shared.recorder.as_ref().map(|_| recorder::client(&request));
            let reply = answer(Arc::clone(&shared), group, handler, operation, params, request).await;
            if let (Some(recorder), Some(client)) = (&shared.recorder, client) {
                recorder.record(&client, group.api, method, path, &reply);
            }
            reply
        },
    )
}

/// Normalizes requests: clerk-js sends every method but GET as POST with `_method`, and some paths with a
/// trailing slash; the SDKs omit the version from some paths.
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
        let requested = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .find_map(|(name, value)| (name == "_method").then_some(value));
        if let Some(method) = requested.and_then(|method| Method::from_bytes(method.as_bytes()).ok())
            && [Method::PATCH, Method::PUT, Method::DELETE].contains(&method)
        {
            *request.method_mut() = method;
        }
    }
    if let Some(path) = request.uri().path().strip_suffix('/').map(str::to_owned) {
        replace_path(&mut request, &path);
    }
    // clerk-js requests the paths without a version, such as `/api_keys`, after an empty one.
    let path = request.uri().path();
    if let Some(path) = path.strip_prefix(MOUNT).and_then(|path| path.strip_prefix("//")) {
        let path = format!("{MOUNT}/{path}");
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
