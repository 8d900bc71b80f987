//! What clients get when the server is full.

use std::{io, sync::Arc};

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
    time::{Duration, timeout},
};

use crate::{LogThrottle, metrics};

/// The same as [`response`], for a connection that nothing else serves.
const RESPONSE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncache-control: no-store\r\n\
                          connection: close\r\ncontent-length: 0\r\n\r\n";

/// Clients that are told at a time. The connections of more are closed without a response.
const MAX_REFUSALS: usize = 64;

/// How long a client may take to send a request and to read the response.
const REFUSAL_LIMIT: Duration = Duration::from_secs(1);

/// Refuses connections.
#[derive(Debug)]
pub(super) struct Full {
    refusals: Arc<Semaphore>,
    log: LogThrottle,
}

impl Default for Full {
    fn default() -> Self {
        Self {
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
            log: LogThrottle::default(),
        }
    }
}

impl Full {
    /// Tells the client that all `connections` are in use.
    pub(super) fn refuse(&self, stream: TcpStream, connections: u32) {
        metrics::count_full();
        if self.log.permits() {
            tracing::warn!(
                "all {connections} connections are in use (APP_MAX_CONNECTIONS); new clients are refused"
            );
        }
        if let Ok(permit) = Arc::clone(&self.refusals).try_acquire_owned() {
            tokio::spawn(async move {
                if let Ok(Err(error)) = timeout(REFUSAL_LIMIT, respond(stream)).await {
                    tracing::debug!(%error, "a client could not be told that the server is full");
                }
                drop(permit);
            });
        }
    }
}

/// Answers the first request of a connection, whatever it is, and closes the connection.
async fn respond(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    if stream.read(&mut buffer).await? > 0 {
        stream.write_all(RESPONSE).await?;
        stream.shutdown().await?;
        // Closing a connection with unread data resets it, and the client may lose the response.
        while stream.read(&mut buffer).await? > 0 {}
    }
    Ok(())
}

/// Answers an HTTP/2 request when as many as there may be connections are in progress.
pub(super) fn response() -> Response {
    let headers = [(header::RETRY_AFTER, "1"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers).into_response()
}
