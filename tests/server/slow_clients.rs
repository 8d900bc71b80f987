//! Clients on a raw TCP connection that keep the server waiting.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use crate::support::TestApp;

const SHORT: Duration = Duration::from_millis(200);

/// Longer than any limit that a test sets.
const PATIENCE: Duration = Duration::from_secs(30);

const HEALTHZ: &str = "GET /healthz HTTP/1.1\r\nhost: app.example\r\n\r\n";

struct Client(TcpStream);

impl Client {
    async fn connect(addr: SocketAddr) -> Self {
        Self(TcpStream::connect(addr).await.unwrap())
    }

    async fn send(&mut self, data: &str) {
        self.0.write_all(data.as_bytes()).await.unwrap();
    }

    /// Requests `/healthz`, and reads the response.
    async fn check_health(&mut self) {
        self.send(HEALTHZ).await;
        self.read_until("ok\n").await;
    }

    async fn read_until(&mut self, end: &str) {
        let mut received = Vec::new();
        while !received.ends_with(end.as_bytes()) {
            let read = timeout(PATIENCE, self.0.read_buf(&mut received)).await;
            let shown = String::from_utf8_lossy(&received);
            assert_ne!(read.unwrap().unwrap(), 0, "closed after {shown}");
        }
    }

    /// Returns what the server sends until it closes the connection.
    async fn read_to_end(&mut self) -> String {
        let mut received = Vec::new();
        // A server that has not read everything resets the connection.
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut received))
            .await
            .unwrap();
        String::from_utf8_lossy(&received).into_owned()
    }

    /// Sends a byte at a time until the server answers or closes the connection. Returns the answer.
    async fn trickle(mut self) -> String {
        let began = Instant::now();
        let mut received = Vec::new();
        while began.elapsed() < PATIENCE {
            match timeout(SHORT / 10, self.0.read_buf(&mut received)).await {
                Ok(Ok(1..)) => {}
                Ok(_) => return String::from_utf8(received).unwrap(),
                // Ignored, because the answer may still have to be read.
                Err(_) => drop(self.0.write_all(b"a").await),
            }
        }
        panic!("still connected");
    }
}

#[tokio::test]
async fn a_client_that_sends_nothing_is_disconnected() {
    let app = TestApp::with_limits(&[], |limits| limits.head = SHORT).await;
    let mut client = Client::connect(app.listen().await).await;
    assert_eq!(client.read_to_end().await, "");
}

#[tokio::test]
async fn the_time_for_a_head_does_not_begin_anew_with_every_byte() {
    let app = TestApp::with_limits(&[], |limits| limits.head = SHORT).await;
    let addr = app.listen().await;
    for first in [true, false] {
        let mut client = Client::connect(addr).await;
        if !first {
            client.check_health().await;
        }
        client.send("GET / HTTP/1.1\r\nhost: ").await;
        assert_eq!(client.trickle().await, "");
    }
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request_for_a_time_of_its_own() {
    let keep_alive = 3 * SHORT;
    let app = TestApp::with_limits(&[], |limits| {
        limits.head = SHORT;
        limits.keep_alive = keep_alive;
    })
    .await;
    let mut client = Client::connect(app.listen().await).await;
    client.check_health().await;
    client.check_health().await;
    let idle_since = Instant::now();
    assert_eq!(client.read_to_end().await, "");
    assert!(
        idle_since.elapsed() > 2 * SHORT,
        "the limit of a head was applied"
    );
}

#[tokio::test]
async fn a_body_that_stops_is_refused() {
    let app = TestApp::with_limits(&[], |limits| limits.body = SHORT).await;
    let addr = app.listen().await;
    for path in ["/webhooks/clerk", "/__clerk/v1/client"] {
        let mut client = Client::connect(addr).await;
        client
            .send(&format!(
                "POST {path} HTTP/1.1\r\nhost: app.example\r\ncontent-length: 10\r\n\r\nabc"
            ))
            .await;
        let answer = client.read_to_end().await;
        assert!(
            answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 502"),
            "{path}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_body_that_trickles_in_is_refused() {
    let app = TestApp::with_limits(&[], |limits| {
        limits.response = SHORT;
        limits.upstream = SHORT;
    })
    .await;
    let addr = app.listen().await;
    for (path, status) in [("/webhooks/clerk", "503"), ("/__clerk/v1/client", "504")] {
        let mut client = Client::connect(addr).await;
        client
            .send(&format!(
                "POST {path} HTTP/1.1\r\nhost: app.example\r\ncontent-length: 10000\r\n\r\n"
            ))
            .await;
        let answer = client.trickle().await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{path}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_is_disconnected() {
    let app = TestApp::with_limits(&[], |limits| limits.write = SHORT).await;
    let mut client = Client::connect(app.listen().await).await;
    let request = "GET / HTTP/1.1\r\nhost: app.example\r\n\r\n";
    let refused = async {
        loop {
            if let Err(error) = client.0.write_all(request.as_bytes()).await {
                break error;
            }
        }
    };
    let error = timeout(PATIENCE, refused)
        .await
        .expect("the connection is closed");
    assert!(
        matches!(
            error.kind(),
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_request_that_makes_no_progress_is_given_up() {
    let app = TestApp::with_limits(&[], |limits| limits.progress = SHORT).await;
    let mut client = Client::connect(app.listen().await).await;
    client
        .send("GET /__clerk/v1/endless HTTP/1.1\r\nhost: app.example\r\n\r\n")
        .await;
    let answer = client.read_to_end().await;
    assert!(answer.ends_with("early</p>\r\n"), "{answer:?}");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let addr = app.listen().await;
    let large = format!("x-large: {}\r\n", "a".repeat(64 * 1024));
    let many = "x-many: a\r\n".repeat(101);
    for fields in [large, many] {
        let mut client = Client::connect(addr).await;
        client
            .send(&format!(
                "GET /healthz HTTP/1.1\r\nhost: app.example\r\n{fields}\r\n"
            ))
            .await;
        let answer = client.read_to_end().await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer:?}");
    }
}

/// Serves until the returned sender is used. The task ends once the server has stopped.
async fn serve_until_stopped(app: &TestApp) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = app.server().serve(listener, async move { drop(stopped.await) });
    (addr, stop, tokio::spawn(serving))
}

#[tokio::test]
async fn a_stop_closes_idle_connections_and_waits_for_requests() {
    let app = TestApp::start().await;
    let (addr, stop, serving) = serve_until_stopped(&app).await;
    let (mut idle, mut busy) = (Client::connect(addr).await, Client::connect(addr).await);
    idle.check_health().await;
    busy.send("POST /webhooks/clerk HTTP/1.1\r\nhost: app.example\r\ncontent-length: 3\r\nexpect: 100-continue\r\n\r\n")
        .await;
    busy.read_until("100 Continue\r\n\r\n").await;

    stop.send(()).unwrap();
    assert_eq!(idle.read_to_end().await, "");
    busy.send("abc").await;
    let answer = busy.read_to_end().await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer:?}");
    timeout(PATIENCE, serving).await.expect("it stops").unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_long() {
    let app = TestApp::with_limits(&[], |limits| limits.grace = SHORT).await;
    let (addr, stop, serving) = serve_until_stopped(&app).await;
    let mut endless = Client::connect(addr).await;
    endless
        .send("GET /__clerk/v1/endless HTTP/1.1\r\nhost: app.example\r\n\r\n")
        .await;
    endless.read_until("early</p>\r\n").await;
    stop.send(()).unwrap();
    timeout(PATIENCE, serving).await.expect("it stops").unwrap();
}
