//! [`serve`] on a socket, with handlers that wait or panic.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

use std::{convert::Infallible, future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    routing::get,
};
use futures_util::{StreamExt, stream};
use http_server::{Limits, serve};
use reqwest::{Client, StatusCode, Version};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

/// Longer than any limit.
const PATIENCE: Duration = Duration::from_secs(30);

struct TestServer {
    addr: SocketAddr,
    /// Gets a permit for each request for `/waiting`, which is answered as `answers` gets them.
    arrived: Arc<Semaphore>,
    answers: Arc<Semaphore>,
}

impl TestServer {
    async fn start(connections: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (arrived, answers) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let (arrivals, permits) = (Arc::clone(&arrived), Arc::clone(&answers));
        let app = Router::new()
            .route("/", get(async || "ok"))
            .route(
                "/waiting",
                get(async move || {
                    arrivals.add_permits(1);
                    permits.acquire().await.unwrap().forget();
                    "answered"
                }),
            )
            .route("/panic", get(async || -> &str { panic!("in the handler") }))
            .route(
                "/panic-in-body",
                get(async || Body::from_stream(panicking_body())),
            );
        let limits = Limits {
            connections,
            ..Limits::default()
        };
        tokio::spawn(serve(listener, app, limits, future::pending()));
        Self {
            addr,
            arrived,
            answers,
        }
    }

    async fn get(&self, client: &Client, path: &str) -> reqwest::Result<reqwest::Response> {
        client.get(format!("http://{}{path}", self.addr)).send().await
    }
}

fn panicking_body() -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> {
    let end = stream::once(async { panic!("in the body") });
    stream::once(async { Ok(Bytes::from_static(b"the first part")) }).chain(end)
}

#[tokio::test]
async fn clients_beyond_the_connections_are_told_to_come_back() {
    let server = TestServer::start(1).await;
    let first = TcpStream::connect(server.addr).await.unwrap();
    for _ in 0..3 {
        let answer = server.get(&Client::new(), "/").await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()["retry-after"], "1");
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    drop(first);
    let served = async {
        while server.get(&Client::new(), "/").await.unwrap().status() != StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, served).await.expect("clients are served again");
}

#[tokio::test]
async fn silent_clients_beyond_the_connections_are_disconnected() {
    let server = TestServer::start(1).await;
    let _first = TcpStream::connect(server.addr).await.unwrap();
    let silent = TcpStream::connect(server.addr).await.unwrap();
    let closed = async {
        loop {
            silent.readable().await.unwrap();
            if silent.try_read(&mut [0]).is_ok_and(|read| read == 0) {
                break;
            }
        }
    };
    timeout(PATIENCE, closed).await.expect("closed");
}

#[tokio::test]
async fn http_2_requests_beyond_the_connections_are_told_to_come_back() {
    let server = TestServer::start(2).await;
    let client = Client::builder().http2_prior_knowledge().build().unwrap();
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let request = client.get(format!("http://{}/waiting", server.addr));
            tokio::spawn(async move { request.send().await.unwrap().text().await.unwrap() })
        })
        .collect();
    let both = timeout(PATIENCE, server.arrived.acquire_many(2)).await;
    drop(both.expect("both have arrived").unwrap());
    let refused = server.get(&client, "/").await.unwrap();
    assert_eq!(refused.version(), Version::HTTP_2);
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");

    server.answers.add_permits(2);
    for answer in waiting {
        assert_eq!(answer.await.unwrap(), "answered");
    }
    assert_eq!(server.get(&client, "/").await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_panic_ends_its_own_connection_only() {
    let server = TestServer::start(3).await;
    let bystander = Client::new();
    for _ in 0..5 {
        assert!(server.get(&Client::new(), "/panic").await.is_err());
        let cut_off = async { server.get(&Client::new(), "/panic-in-body").await?.bytes().await };
        assert!(
            cut_off.await.is_err(),
            "a response that is cut off must not look complete"
        );
        let answer = server.get(&bystander, "/").await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }
}
