//! Hostile requests: never a panic, never a redirect to another site.

use proptest::{collection::vec, prelude::*};

use super::*;

const NAMES: [&str; 10] = [
    "cookie",
    "authorization",
    "host",
    "x-forwarded-host",
    "x-forwarded-proto",
    "referer",
    "origin",
    "accept",
    "sec-fetch-dest",
    "cookie",
];
const COOKIES: [&str; 7] = [
    "__session",
    "__client_uat",
    "__clerk_db_jwt",
    "__clerk_handshake",
    "__clerk_handshake_nonce",
    "__clerk_redirect_count",
    "__refresh_QvfNY2dr",
];

/// Any byte that is allowed in a header.
fn header_byte() -> impl Strategy<Value = u8> {
    prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8]
}

/// Authenticates while the signing keys are unavailable. `None` if the request is malformed.
fn decide(key: &str, target: &str, headers: &HeaderMap) -> Option<RequestState> {
    let configuration = Configuration::new(options_with_key(key)).unwrap();
    let stub = Stub {
        key: Err(VerifyError::Unexpected("down".to_owned())),
        ..Stub::new(SIGNER.key())
    };
    let uri: Uri = target.parse().ok()?;
    let view = RequestView {
        method: &Method::GET,
        uri: &uri,
        headers,
    };
    let context = Context::new(&configuration, view, NOW * 1000).ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime
        .block_on(authenticate(&context, &stub, &AcceptsToken::default()))
        .ok()
}

#[tokio::test]
async fn long_cookies_and_headers_that_are_not_text() {
    let long = "x".repeat(64 * 1024);
    Case::live()
        .cookie(&format!("__session={long}"))
        .cookie("__client_uat=1")
        .ends_signed_out("token-invalid")
        .await;
    let many: Vec<String> = (0..8_000).map(|n| format!("c{n}=1")).collect();
    Case::live()
        .cookie(&many.join("; "))
        .session(ACTIVE)
        .signs_in()
        .await;
    let mut case = Case::live();
    case.headers.insert(
        "authorization",
        HeaderValue::from_bytes(b"Bearer \xff\xfe.\xff.\xff").unwrap(),
    );
    case.ends_signed_out("token-invalid").await;
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_panics(
        live: bool,
        target in "/[ -~&&[^ \"<>\\\\^`{|}#]]{0,40}",
        pairs in vec((0..NAMES.len(), vec(header_byte(), 0..40)), 0..8),
        cookies in vec((0..COOKIES.len(), "[ -~]{0,40}"), 0..6),
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(NAMES[name]), HeaderValue::from_bytes(&value).unwrap());
        }
        let cookies: Vec<String> = cookies.iter().map(|(name, value)| format!("{}={value}", COOKIES[*name])).collect();
        headers.append("cookie", cookies.join("; ").parse().unwrap());
        let _ = decide(if live { LIVE_KEY } else { DEV_KEY }, &target, &headers);
    }

    #[test]
    fn handshakes_lead_to_the_frontend_api_and_return_to_this_host(path in "[/\\\\a-z.@:%]{0,20}") {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("app.test"));
        headers.insert("sec-fetch-dest", HeaderValue::from_static("document"));
        headers.insert("cookie", HeaderValue::from_static("__client_uat=1"));
        let state = decide(LIVE_KEY, &format!("/{path}"), &headers);
        prop_assume!(state.is_some());
        let location = location(&state.unwrap()).unwrap();
        prop_assert_eq!(location.host_str(), Some("clerk.clerk.dev"));
        let return_to = Url::parse(&parameter(&location, "redirect_url").unwrap()).unwrap();
        prop_assert_eq!(return_to.host_str(), Some("app.test"));
    }
}
