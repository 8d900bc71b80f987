//! Accepts connections and serves HTTP/1 and HTTP/2 on them, within [`Limits`].

mod activity;
mod full;
mod stream;

use std::{convert::Infallible, error::Error, net::SocketAddr, pin::pin, sync::Arc};

use axum::{
    body::{Body, HttpBody},
    extract::ConnectInfo,
    http::{Request, Version},
    response::Response,
    serve::Listener,
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulConnection, GracefulShutdown},
    },
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{Duration, timeout},
};
use tower::Service;
use tower_http::timeout::TimeoutBody;

use self::{activity::Activity, full::Full, stream::TimedStream};
use crate::{Limits, metrics::CountedConnection};

/// The size of a request head: far more than browsers send, with room for the cookies of several Clerk instances on one
/// domain. HTTP/1 allows 100 fields as well, which is hyper's default: setting the number would cost each request an
/// allocation.
const MAX_HEAD: u32 = 64 * 1024;

/// Requests that a client may have in progress on one HTTP/2 connection.
const MAX_STREAMS: u32 = 100;

/// Requests that a client may cancel before the server has seen them, and that the server may refuse, until it closes the
/// HTTP/2 connection: "rapid reset" (CVE-2023-44487) and its relatives. These are the defaults of hyper and h2.
const MAX_PENDING_RESETS: usize = 20;
const MAX_ERROR_RESETS: usize = 1024;

/// How often an HTTP/2 client is asked whether it is still there, and how long it may take to reply.
const PING_INTERVAL: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves HTTP/1 and HTTP/2 without TLS until `shutdown` resolves. Then waits for the requests in progress, but no longer
/// than [`Limits::grace`].
///
/// Requests have the address of their peer as [`ConnectInfo`]. Clients that exceed the limits are disconnected. When all
/// connections are in use, or as many requests are in progress on HTTP/2 connections, clients get 503 (Service Unavailable)
/// with `Retry-After`.
pub async fn serve<S>(mut listener: TcpListener, app: S, limits: Limits, shutdown: impl Future<Output = ()>)
where
    S: Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let (limits, server) = (Arc::new(limits), builder());
    let (connections, requests) = (semaphore(&limits), semaphore(&limits));
    let (full, graceful) = (Full::default(), GracefulShutdown::new());
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut shutdown => break,
        };
        let Ok(permit) = Arc::clone(&connections).try_acquire_owned() else {
            full.refuse(stream, limits.connections);
            continue;
        };
        // A page is sent in pieces: with Nagle's algorithm each would wait for the peer's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        let connection = connection(&server, stream, peer, app.clone(), &limits, &requests);
        let connection = graceful.watch(connection);
        let counted = CountedConnection::open();
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error, "a connection failed");
            }
            drop((permit, counted));
        });
    }
    drop(listener);
    if timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped before all requests were answered");
    }
}

fn semaphore(limits: &Limits) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(limits.connections as usize))
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        // Replaced by `TimedStream`: hyper's limit would include the time between requests and that in which a client
        // reads the previous response.
        .header_read_timeout(None)
        .max_buf_size(MAX_HEAD as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(MAX_HEAD)
        .max_concurrent_streams(MAX_STREAMS)
        .max_pending_accept_reset_streams(MAX_PENDING_RESETS)
        .max_local_error_reset_streams(MAX_ERROR_RESETS)
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_TIMEOUT);
    builder
}

fn connection<S>(
    server: &Builder<TokioExecutor>,
    stream: TcpStream,
    peer: SocketAddr,
    app: S,
    limits: &Arc<Limits>,
    requests: &Arc<Semaphore>,
) -> impl GracefulConnection<Error = Box<dyn Error + Send + Sync>> + use<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let activity = Arc::new(Activity::default());
    let stream = TimedStream::new(stream, Arc::clone(&activity), Arc::clone(limits));
    let body_limit = limits.body;
    let requests = Arc::clone(requests);
    let service = service_fn(move |request: Request<Incoming>| {
        // Of HTTP/1 there is at most one for each connection.
        let permit =
            (request.version() == Version::HTTP_2).then(|| Arc::clone(&requests).try_acquire_owned());
        let in_progress = Activity::begin(&activity, request.version());
        let mut request = request.map(|body| timed(body, body_limit));
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = match permit.transpose() {
            Ok(permit) => Ok((app.clone().call(request), permit)),
            Err(_) => Err(full::response()),
        };
        async move {
            let (response, permit) = match response {
                Ok((response, permit)) => (response.await?, permit),
                Err(refusal) => (refusal, None),
            };
            Ok::<_, Infallible>(response.map(|body| in_progress.until_sent(body, permit)))
        }
    });
    server
        .serve_connection(TokioIo::new(stream), service)
        .into_owned()
}

/// Limits the time that a client may take for each part of a body.
fn timed(body: Incoming, limit: Duration) -> Body {
    match body.is_end_stream() {
        true => Body::empty(),
        false => Body::new(TimeoutBody::new(limit, body)),
    }
}
