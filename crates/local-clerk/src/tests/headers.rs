//! Headers with parts that cannot be read: they cost that part only.

use axum::{body::Body, extract::Request};
use http::{HeaderName, HeaderValue, header};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{APP, Answer, Local};
use crate::Instance;

/// Sends a request with headers whose values may be any bytes.
async fn send(
    local: &Local,
    request: http::request::Builder,
    headers: &[(&str, &[u8])],
    body: &str,
) -> Answer {
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request
            .headers_mut()
            .append(name, HeaderValue::from_bytes(value).unwrap());
    }
    local.send(request).await
}

fn browser(method: &str, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(format!("/__clerk{path}"))
        .header(header::HOST, "127.0.0.1:5002")
        .header("clerk-proxy-url", format!("{APP}/__clerk"))
}

#[tokio::test]
async fn cookie_is_found_among_unreadable_ones() {
    let local = Local::new(Instance::Production).await;
    let jane = local.signed_up("jane@example.com").await;
    let client = jane.cookie("__client").unwrap();
    let of = |before: &[u8], after: &[u8]| [before, b"__client=", client.as_bytes(), after].concat();
    for cookies in [
        vec![of(b"theme=\xff\xfe; ", b"")],
        vec![of(b"\xff; ", b"; name=J\xc3\xa4ne")],
        vec![b"theme=\xff".to_vec(), of(b"", b"")],
        vec![of(b"__client=\xff; ", b"")],
        vec![of(b"", b"; __client=other")],
        vec![of(b"theme=", &[b';', b'a'].repeat(20_000)), of(b"", b"")],
    ] {
        let headers: Vec<(&str, &[u8])> = cookies.iter().map(|value| ("cookie", value.as_slice())).collect();
        let reply = send(&local, browser("GET", "/v1/client"), &headers, "")
            .await
            .ok();
        let sessions = reply["response"]["sessions"].as_array().map(Vec::len);
        assert_eq!(sessions, Some(1), "{cookies:?}");
    }
}

#[tokio::test]
async fn device_is_recognized_as_far_as_the_headers_can_be_read() {
    let local = Local::new(Instance::Production).await;
    local.signed_up("jane@example.com").await;
    let agent = [
        b"Mozilla/5.0 (Linux; Android 16; Caf\xe9) Chrome/156.0.0.0 Mobile ".as_slice(),
        b"x".repeat(5_000).as_slice(),
    ]
    .concat();
    let headers: [(&str, &[u8]); 4] = [
        ("content-type", b"application/x-www-form-urlencoded"),
        ("user-agent", &agent),
        ("x-forwarded-for", b"\xff, unknown"),
        ("x-forwarded-for", b"203.0.113.7:4711, 10.0.0.1"),
    ];
    let form = "identifier=jane@example.com&password=correct%20horse%20battery";
    let signed_in = send(&local, browser("POST", "/v1/client/sign_ins"), &headers, form).await;
    let cookie = signed_in.cookies().join("; ");
    assert_eq!(signed_in.ok()["response"]["status"], "complete");
    let headers = [("cookie", cookie.as_bytes())];
    let devices = send(&local, browser("GET", "/v1/me/sessions/active"), &headers, "")
        .await
        .ok();
    let activities: Vec<_> = devices
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["latest_activity"])
        .collect();
    let device = activities
        .iter()
        .find(|one| one["ip_address"] == "203.0.113.7")
        .unwrap();
    assert_eq!(
        (
            &device["browser_name"],
            &device["browser_version"],
            &device["is_mobile"]
        ),
        (&json!("Chrome"), &json!("156"), &json!(true))
    );
}

#[tokio::test]
async fn content_type_is_known_by_its_first_part() {
    let local = Local::new(Instance::Development).await;
    let secret = format!("Bearer {}", local.shared.keys.secret_key.expose_secret());
    for (index, kind) in [
        &b"application/json; note=\xff"[..],
        b"Application/JSON ;charset=utf-8",
        b"application/json",
    ]
    .into_iter()
    .enumerate()
    {
        let request = Request::post("/v1/users").header(header::HOST, "127.0.0.1:5002");
        let headers = [("content-type", kind), ("authorization", secret.as_bytes())];
        let body = json!({ "email_address": [format!("user{index}@example.com")] }).to_string();
        let user = send(&local, request, &headers, &body).await.ok();
        assert_eq!(user["email_addresses"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn what_decides_who_asks_may_be_there_once_only() {
    let local = Local::new(Instance::Development).await;
    let secret = format!("Bearer {}", local.shared.keys.secret_key.expose_secret());
    let (key, other) = (secret.as_bytes(), b"Bearer sk_test_other".as_slice());
    for path in ["/v1/users", "/v1/m2m_tokens?subject=mch_x"] {
        for (values, status, code) in [
            (
                vec![key, other],
                400,
                "multiple_authorization_header_values_forbidden",
            ),
            (
                vec![other, key],
                400,
                "multiple_authorization_header_values_forbidden",
            ),
            (vec![&b"Bearer \xff"[..]], 401, "clerk_key_invalid"),
            (vec![], 401, "clerk_key_invalid"),
        ] {
            let request = Request::get(path).header(header::HOST, "127.0.0.1:5002");
            let headers: Vec<(&str, &[u8])> = values.iter().map(|value| ("authorization", *value)).collect();
            let refused = send(&local, request, &headers, "").await;
            assert_eq!(refused.error(), (status, code), "{path}");
        }
    }
    let headers: [(&str, &[u8]); 2] = [("origin", APP.as_bytes()), ("origin", b"http://localhost:5003")];
    let refused = send(&local, browser("POST", "/v1/dev_browser"), &headers, "").await;
    assert_eq!(refused.error(), (400, "multiple_origin_header_values_forbidden"));
    let headers = [("host", b"evil.test".as_slice())];
    let refused = send(&local, browser("POST", "/v1/dev_browser"), &headers, "").await;
    assert_eq!(refused.error(), (403, "host_invalid"));
}
