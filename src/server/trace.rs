//! Request tracing.

use std::time::Instant;

use axum::{extract::Request, middleware::Next, response::Response};
use tracing::Instrument;

/// Logs a request and its response in a span. The query is left out because Clerk's parameters are tokens.
pub(crate) async fn requests(request: Request, next: Next) -> Response {
    let span = tracing::info_span!("request", method = %request.method(), path = request.uri().path());
    async {
        let start = Instant::now();
        let response = next.run(request).await;
        tracing::debug!(status = response.status().as_u16(), elapsed = ?start.elapsed(), "request finished");
        response
    }
    .instrument(span)
    .await
}
