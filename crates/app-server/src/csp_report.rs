//! What browsers report about the Content Security Policy.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    routing::post,
};
use axum_clerk::CspReport;
use http_server::LogThrottle;

/// The path of the route.
pub const PATH: &str = "/csp-report";

/// Many times what a browser sends.
const BODY_LIMIT: usize = 16 * 1024;

/// Receives reports at [`PATH`].
pub fn routes() -> Router {
    Router::new()
        .route(PATH, post(receive).layer(DefaultBodyLimit::max(BODY_LIMIT)))
        .with_state(Arc::new(LogThrottle::default()))
}

/// Logs a report, one a minute: anybody can send them, and so does every page with the same mistake.
async fn receive(State(throttle): State<Arc<LogThrottle>>, report: CspReport) -> StatusCode {
    if throttle.permits() {
        let CspReport {
            directive,
            blocked,
            page,
            is_enforced,
            ..
        } = report;
        tracing::warn!(
            directive,
            blocked,
            page,
            is_enforced,
            "a browser reports a violation of the Content Security Policy"
        );
    }
    StatusCode::NO_CONTENT
}
