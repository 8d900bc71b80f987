//! All routes of the local Clerk.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::{Path, Request, State},
    response::Response,
    routing::get,
};
use tower::Service;

use crate::{
    account_portal, backend_api, consent, dashboard, emulate,
    frontend_api::{self, provider},
    http::{Api, Finish, Reply, Route, RouteGroup, Shared, router},
    model::MOUNT,
    npm,
};

const GROUPS: &[RouteGroup] = &[
    group(
        MOUNT,
        Api::Frontend,
        frontend_api::ROUTES,
        Some(frontend_api::finish),
    ),
    group(MOUNT, Api::Oauth, provider::ROUTES, None),
    group(MOUNT, Api::Page, provider::PREFLIGHT_ROUTES, None),
    group("", Api::Page, provider::WELL_KNOWN_ROUTES, None),
    group(MOUNT, Api::Page, frontend_api::IMAGE_ROUTES, None),
    group(MOUNT, Api::Page, consent::ROUTES, None),
    group("", Api::Backend, backend_api::ROUTES, None),
    group("", Api::Machine, backend_api::MACHINE_ROUTES, None),
    group(emulate::MOUNT, Api::Page, emulate::OPEN_ROUTES, None),
    group(emulate::MOUNT, Api::Control, emulate::ROUTES, None),
    group("", Api::Dashboard, dashboard::ROUTES, None),
    group("", Api::Page, account_portal::ROUTES, None),
];

const fn group(
    prefix: &'static str,
    api: Api,
    routes: &'static [Route],
    finish: Option<Finish>,
) -> RouteGroup {
    RouteGroup {
        prefix,
        api,
        routes,
        finish,
    }
}

/// Builds the service that answers every request to the local Clerk.
pub(crate) fn service(
    shared: Arc<Shared>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static {
    let files = Router::new().route(&format!("{MOUNT}/npm/{{*path}}"), get(npm_file));
    router(shared, GROUPS, files)
}

async fn npm_file(State(shared): State<Arc<Shared>>, Path(path): Path<String>) -> Reply {
    npm::serve(&shared.npm_dir, &path).await
}
