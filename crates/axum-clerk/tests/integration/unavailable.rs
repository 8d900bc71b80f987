//! An unavailable Backend API: it does not answer, not readably, or with 429 or a server error. That is not an answer to the
//! question who is signed in.

use std::net::TcpListener;

use axum::{Router, body::Body, routing::get as route_get};
use axum_clerk::{
    AuthCheck, Clerk, ClerkLayer, MaybeAuth, Options, ProtectPathsLayer, ProtectedPaths, Rejection,
    RequireAuth, clerk_auth::PublishableKey,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Request, Response, StatusCode};

use crate::support::{BackendStub, Token, document, error_code, get, header, options, send};

const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);

/// How a request depends on the Backend API.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Needs {
    KeysForHeader,
    KeysForCookie,
    KeysForHandshake,
    Refresh,
    Nonce,
    NonceInUrl,
}

const ALL: [Needs; 6] = [
    Needs::KeysForHeader,
    Needs::KeysForCookie,
    Needs::KeysForHandshake,
    Needs::Refresh,
    Needs::Nonce,
    Needs::NonceInUrl,
];

impl Needs {
    fn options(self) -> Options {
        let mut options = options();
        if matches!(
            self,
            Self::KeysForHeader | Self::KeysForCookie | Self::KeysForHandshake
        ) {
            options.jwt_key = None;
        }
        if self == Self::NonceInUrl {
            options.publishable_key = format!("pk_test_{}", STANDARD.encode("app-1.clerk.accounts.dev$"));
            options.secret_key = "sk_test_secret".into();
        }
        options
    }

    /// A request for a path, which only the Backend API can decide.
    fn request(self, path: &str) -> Request<Body> {
        let token = Token::new("user_1", "sess_1");
        let mut request = get(path);
        let cookies = match self {
            Self::KeysForHeader => {
                let bearer = format!("Bearer {}", token.sign());
                request
                    .headers_mut()
                    .insert("authorization", bearer.parse().unwrap());
                return request;
            }
            Self::KeysForCookie => token.cookies(),
            Self::KeysForHandshake => format!("__clerk_handshake={}", token.sign()),
            Self::Refresh => {
                let key = PublishableKey::parse(&options().publishable_key).unwrap();
                format!(
                    "{}; __refresh_{}=r",
                    token.expired().cookies(),
                    key.cookie_suffix()
                )
            }
            Self::Nonce => "__clerk_handshake_nonce=n".to_owned(),
            Self::NonceInUrl => {
                *request.uri_mut() = format!("{path}?__clerk_handshake_nonce=n").parse().unwrap();
                "__clerk_db_jwt=browser".to_owned()
            }
        };
        request.headers_mut().insert("cookie", cookies.parse().unwrap());
        request
    }
}

fn app(clerk: Clerk) -> Router {
    let whole_router = Router::new()
        .route("/account", route_get(async || "account"))
        .route_layer(RequireAuth::layer());
    Router::new()
        .route(
            "/",
            route_get(async |MaybeAuth(auth): MaybeAuth| format!("{:?}", auth.user_id())),
        )
        .route(
            "/optional",
            route_get(async |user: Option<RequireAuth>| user.is_some().to_string()),
        )
        .route("/me", route_get(async |_: RequireAuth| "me"))
        .route("/check", route_get(check))
        .route("/profile", route_get(async || "profile"))
        .merge(whole_router)
        .layer(ProtectPathsLayer::new(PROTECTED))
        .layer(ClerkLayer::new(clerk))
}

async fn check(auth: MaybeAuth) -> Result<&'static str, Rejection> {
    auth.protect(AuthCheck::signed_in())?;
    Ok("checked")
}

const CLOSED: [&str; 4] = ["/me", "/check", "/account", "/profile"];

/// Checks that nothing changes in the browser.
fn changes_nothing(response: &Response<String>, context: &str) {
    for name in ["location", "set-cookie"] {
        assert_eq!(header(response, name), "", "{context}");
    }
    assert_eq!(header(response, "x-clerk-auth-status"), "signed-out", "{context}");
    assert_ne!(header(response, "x-clerk-auth-reason"), "", "{context}");
}

async fn is_unavailable(clerk: Clerk, needs: Needs, retry_after: &str) {
    let app = app(clerk);
    for (path, body) in [("/", "None"), ("/optional", "false")] {
        for request in [needs.request(path), document(needs.request(path))] {
            let response = send(app.clone(), request).await;
            let context = format!("{needs:?} {path}");
            assert_eq!(response.status(), StatusCode::OK, "{context}");
            assert_eq!(response.body(), body, "{context}");
            changes_nothing(&response, &context);
        }
    }
    for path in CLOSED {
        for request in [needs.request(path), document(needs.request(path))] {
            let response = send(app.clone(), request).await;
            let context = format!("{needs:?} {path}");
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{context}");
            assert_eq!(header(&response, "retry-after"), retry_after, "{context}");
            assert_eq!(error_code(&response), "authentication_unavailable", "{context}");
            changes_nothing(&response, &context);
        }
    }
}

#[tokio::test]
async fn an_error_of_the_server_is_no_answer() {
    for status in [429, 500, 503, 520] {
        let backend = BackendStub::start().await;
        backend.answer_with(StatusCode::from_u16(status).unwrap());
        for needs in ALL {
            is_unavailable(backend.clerk_with(needs.options()), needs, "2").await;
        }
    }
}

#[tokio::test]
async fn no_response_is_no_answer() {
    for needs in ALL {
        // Nobody listens on the port any more.
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let clerk = Clerk::new(Options {
            api_url: format!("http://{addr}").parse().unwrap(),
            ..needs.options()
        });
        is_unavailable(clerk.unwrap(), needs, "2").await;
    }
}

#[tokio::test]
async fn a_response_that_cannot_be_read_is_no_answer() {
    let backend = BackendStub::start().await;
    for needs in [Needs::Refresh, Needs::Nonce, Needs::NonceInUrl] {
        is_unavailable(backend.clerk_with(needs.options()), needs, "2").await;
    }
}

#[tokio::test]
async fn visitors_are_told_what_the_backend_api_says_within_bounds() {
    for (sent, told) in [
        ("7", "7"),
        ("0", "1"),
        ("100000", "60"),
        ("-1", "2"),
        ("Wed, 21 Oct 2037 07:28:00 GMT", "2"),
    ] {
        let backend = BackendStub::start().await;
        backend.answer_with(StatusCode::TOO_MANY_REQUESTS);
        backend.ask_to_retry_after(sent);
        for needs in ALL {
            is_unavailable(backend.clerk_with(needs.options()), needs, told).await;
        }
    }
}

#[tokio::test]
async fn any_other_error_is_an_answer() {
    for status in [400, 401, 403, 404, 422] {
        let backend = BackendStub::start().await;
        backend.answer_with(StatusCode::from_u16(status).unwrap());
        for needs in ALL {
            let app = app(backend.clerk_with(needs.options()));
            let response = send(app.clone(), needs.request("/me")).await;
            // In development the URL is cleaned first.
            let expected = if needs == Needs::NonceInUrl {
                StatusCode::TEMPORARY_REDIRECT
            } else {
                StatusCode::UNAUTHORIZED
            };
            assert_eq!(response.status(), expected, "{needs:?} {status}");
            let response = send(app, document(needs.request("/profile"))).await;
            assert_eq!(
                response.status(),
                StatusCode::TEMPORARY_REDIRECT,
                "{needs:?} {status}"
            );
        }
    }
}

#[tokio::test]
async fn a_development_handshake_that_cannot_be_verified_is_unavailable_too() {
    let backend = BackendStub::start().await;
    backend.answer_with(StatusCode::SERVICE_UNAVAILABLE);
    let mut options = Needs::NonceInUrl.options();
    options.jwt_key = None;
    let path = format!("/?__clerk_handshake={}", Token::new("user_1", "sess_1").sign());
    let response = send(app(backend.clerk_with(options)), document(get::<Body>(&path))).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&response, "retry-after"), "2");
    assert_eq!(header(&response, "set-cookie"), "");
}

#[tokio::test]
async fn who_is_signed_in_without_the_backend_api_stays_so() {
    let backend = BackendStub::start().await;
    backend.answer_with(StatusCode::SERVICE_UNAVAILABLE);
    let app = app(backend.clerk());
    let mut request: Request<Body> = get("/me");
    let cookies = Token::new("user_1", "sess_1").cookies();
    request.headers_mut().insert("cookie", cookies.parse().unwrap());
    assert_eq!(send(app, request).await.body(), "me");
}

#[tokio::test]
async fn strangers_cause_a_limited_number_of_calls() {
    let backend = BackendStub::start().await;
    backend.answer_with(StatusCode::NOT_FOUND);
    let clerk = backend.clerk_with(Options {
        handshakes_per_second: 3.try_into().unwrap(),
        ..options()
    });
    let (app, started) = (app(clerk), std::time::Instant::now());
    let mut refused = 0;
    for number in 0..60 {
        // Each is sent twice: what is known of a nonce is not asked again.
        for _ in 0..2 {
            let mut request: Request<Body> = get("/me");
            let cookie = format!("__clerk_handshake_nonce=n{number}");
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
            let response = send(app.clone(), request).await;
            match response.status() {
                StatusCode::UNAUTHORIZED => {}
                StatusCode::SERVICE_UNAVAILABLE => {
                    refused += 1;
                    assert_eq!(header(&response, "retry-after"), "1");
                    changes_nothing(&response, &cookie);
                }
                status => panic!("{status}"),
            }
        }
    }
    // Three at once, and three more for each second that the test took.
    let allowed = 3 * (2 + usize::try_from(started.elapsed().as_secs()).unwrap());
    assert!(
        (3..=allowed).contains(&backend.calls()),
        "{} calls",
        backend.calls()
    );
    assert!(refused > 0);
    let junk = backend.calls();
    for nonce in ["a b", "%00", "<script>", &"a".repeat(1_000)] {
        let mut request: Request<Body> = get("/me");
        let cookie = format!("__clerk_handshake_nonce={nonce}");
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        assert_eq!(
            send(app.clone(), request).await.status(),
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(backend.calls(), junk);
}
