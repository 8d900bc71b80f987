//! The limits that keep slow and greedy clients from occupying the server.

use std::time::Duration;

/// How much of the server a client may take, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open connections, and HTTP/2 requests in progress. Further clients get 503 (Service Unavailable) with `Retry-After`.
    pub connections: u32,
    /// Time until the first request of a connection, and for the head of every request.
    pub head: Duration,
    /// Time without any data of a request body that the server waits for.
    pub body: Duration,
    /// Time until the next request of a connection.
    pub keep_alive: Duration,
    /// Time in which a client takes nothing of the response that the server sends.
    pub write: Duration,
    /// Time in which a connection has requests in progress, but none of them begins, ends or waits for the client to
    /// read.
    pub progress: Duration,
    /// Time until the head of a response.
    pub response: Duration,
    /// Time until the head of a response of the Frontend API, after the request was sent, and between the parts of its
    /// body.
    pub upstream: Duration,
    /// Time for requests in progress after the signal to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Linux lets a process open 1,024 files by default; the rest is for the session store and for connections
            // to Clerk.
            connections: 900,
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            // Longer than the minute for which load balancers commonly keep a connection: the side that reuses it must
            // be the one that closes it.
            keep_alive: Duration::from_secs(75),
            write: Duration::from_secs(30),
            progress: Duration::from_secs(10 * 60),
            response: Duration::from_secs(30),
            upstream: Duration::from_secs(30),
            grace: Duration::from_secs(10),
        }
    }
}
