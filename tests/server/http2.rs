//! HTTP/2 by prior knowledge, as reverse proxies speak it.

use std::time::Duration;

use reqwest::{Client, Version};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, tcp::OwnedWriteHalf},
    time::timeout,
};

use crate::support::TestApp;

const SHORT: Duration = Duration::from_millis(200);

/// Longer than any limit that a test sets.
const PATIENCE: Duration = Duration::from_secs(30);

/// Types of frames (RFC 9113, section 6).
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

/// The flags of a request without a body.
const END_STREAM_AND_HEADERS: u8 = 0b101;

/// `:method: GET`, `:scheme: http`, `:path: /`, from HPACK's static table.
const GET_HOME: [u8; 3] = [0x82, 0x86, 0x84];

/// The error code of a client that asks for too much.
const ENHANCE_YOUR_CALM: u32 = 11;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// What a client sends first.
fn preface() -> Vec<u8> {
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(),
        &frame(SETTINGS, 0, 0, &[]),
    ]
    .concat()
}

#[tokio::test]
async fn requests_are_answered_over_http_2() {
    let app = TestApp::start().await;
    let addr = app.listen().await;
    let client = Client::builder().http2_prior_knowledge().build().unwrap();
    let requests = ["/", "/plans", "/favicon.svg", "/healthz"].map(|path| {
        let request = client.get(format!("http://{addr}{path}"));
        async move {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.version(), Version::HTTP_2);
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            assert!(!answer.text().await.unwrap().is_empty());
        }
    });
    futures_util::future::join_all(requests).await;
}

#[tokio::test]
async fn a_connection_without_requests_is_closed() {
    let app = TestApp::with_limits(&[], |limits| {
        limits.head = SHORT;
        limits.keep_alive = SHORT;
    })
    .await;
    let addr = app.listen().await;
    let request = frame(HEADERS, END_STREAM_AND_HEADERS, 1, &GET_HOME);
    for start in [
        b"PRI * HTTP/2.0\r\n".to_vec(),
        preface(),
        [preface(), request].concat(),
    ] {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(&start).await.unwrap();
        let mut received = Vec::new();
        let closed = timeout(PATIENCE, stream.read_to_end(&mut received)).await;
        closed.expect("closed").unwrap();
    }
}

#[tokio::test]
async fn a_client_that_cancels_its_requests_at_once_is_disconnected() {
    let app = TestApp::start().await;
    let (mut read, write) = TcpStream::connect(app.listen().await).await.unwrap().into_split();
    let attack = tokio::spawn(cancel_requests(write));
    let answer = async {
        loop {
            let mut head = [0; 9];
            read.read_exact(&mut head).await.unwrap();
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; length as usize];
            read.read_exact(&mut payload).await.unwrap();
            if head[3] == GOAWAY {
                break u32::from_be_bytes(payload[4..8].try_into().unwrap());
            }
        }
    };
    let code = timeout(PATIENCE, answer).await.expect("the connection is closed");
    assert_eq!(code, ENHANCE_YOUR_CALM);
    attack.await.unwrap();
}

/// Sends requests and cancels each at once, until the server closes the connection.
async fn cancel_requests(mut stream: OwnedWriteHalf) {
    let cancel = 8_u32.to_be_bytes();
    let mut attack = preface();
    for stream in (1..2000).step_by(2) {
        attack.extend(frame(HEADERS, END_STREAM_AND_HEADERS, stream, &GET_HOME));
        attack.extend(frame(RST_STREAM, 0, stream, &cancel));
    }
    // Fails once the connection is closed.
    let _ = stream.write_all(&attack).await;
}
