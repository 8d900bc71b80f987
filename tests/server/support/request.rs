//! Requests through the router, and their replies.

use std::{io::Read, mem, net::SocketAddr};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header},
};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) struct TestRequest {
    router: Router,
    request: Request<Body>,
}

impl TestRequest {
    pub(super) fn new(router: Router, method: Method, path: &str) -> Self {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "app.example")
            .header("x-forwarded-proto", "https")
            .body(Body::empty())
            .unwrap();
        Self { router, request }.peer("127.0.0.1:50000")
    }

    /// Sends the request from another address than loopback.
    pub(crate) fn peer(mut self, address: &str) -> Self {
        let address: SocketAddr = address.parse().unwrap();
        self.request.extensions_mut().insert(ConnectInfo(address));
        self
    }

    /// Sends the request as if it came from nowhere.
    pub(crate) fn without_peer(mut self) -> Self {
        self.request.extensions_mut().clear();
        self
    }

    /// Removes the headers that every request has: the host, and the protocol that a proxy forwards.
    pub(crate) fn without_headers(mut self) -> Self {
        self.request.headers_mut().clear();
        self
    }

    /// Replaces the host.
    pub(crate) fn host(mut self, host: &'static str) -> Self {
        self.request
            .headers_mut()
            .insert(header::HOST, HeaderValue::from_static(host));
        self
    }

    /// Appends a header of any bytes that a header may have.
    pub(crate) fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.request
            .headers_mut()
            .append(name, HeaderValue::from_bytes(value.as_ref()).unwrap());
        self
    }

    pub(crate) fn cookies(self, cookies: impl AsRef<[u8]>) -> Self {
        self.header("cookie", cookies)
    }

    /// Makes the request one of a browser that navigates.
    pub(crate) fn document(self) -> Self {
        self.header("accept", "text/html")
            .header("sec-fetch-dest", "document")
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    /// Sends the request without waiting for the response's body.
    pub(crate) async fn send_for_stream(self) -> Response<Body> {
        let Ok(response) = self.router.oneshot(self.request).await;
        response
    }

    /// Sends the request and decompresses the response if it is compressed with gzip.
    pub(crate) async fn send(self) -> Reply {
        let (parts, body) = self.send_for_stream().await.into_parts();
        let mut body = body.collect().await.unwrap().to_bytes().to_vec();
        if parts
            .headers
            .get(header::CONTENT_ENCODING)
            .is_some_and(|coding| coding == "gzip")
        {
            let compressed = mem::take(&mut body);
            GzDecoder::new(compressed.as_slice())
                .read_to_end(&mut body)
                .unwrap();
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    /// A header's value; empty if it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The `<title>` of the page.
    pub(crate) fn title(&self) -> &str {
        let title = self
            .body
            .split("<title>")
            .nth(1)
            .and_then(|rest| rest.split("</title>").next());
        title.expect("a title")
    }

    /// The `Set-Cookie` of the app's own session.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        cookies
            .map(|value| value.to_str().unwrap())
            .find(|cookie| cookie.trim_start_matches("__Host-").starts_with("app_session="))
    }

    /// The session cookie as the browser sends it back.
    pub(crate) fn session(&self) -> String {
        let cookie = self.session_cookie().expect("a session cookie");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    /// The nonce of the Content Security Policy.
    pub(crate) fn nonce(&self) -> &str {
        let policy = self.header("content-security-policy");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next());
        nonce.expect("a nonce")
    }
}
