//! `UserSnapshots`, with sessions in memory and a stub of the Backend API.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use axum::{
    Extension, Router,
    body::Body,
    http::{Request, Response, StatusCode},
    routing::get as route_get,
};
use axum_clerk::{ClerkLayer, MaybeAuth, User, UserSnapshots};
use serde_json::json;
use tower_sessions::{
    MemoryStore, Session, SessionManagerLayer, SessionStore,
    cookie::time::{Duration, OffsetDateTime},
    session::{Id, Record},
    session_store,
};

use crate::support::{BackendStub, Token, error_code, get, header, send, signed_in};

struct TestApp {
    router: Router,
    store: CountingStore,
    snapshots: UserSnapshots,
    backend: BackendStub,
}

impl TestApp {
    async fn start() -> Self {
        let backend = BackendStub::start().await;
        let snapshots = UserSnapshots::new(backend.clerk());
        let store = CountingStore::default();
        let router = Router::new()
            .route("/", route_get(show))
            .layer(snapshots.layer())
            .layer(SessionManagerLayer::new(store.clone()))
            .layer(ClerkLayer::new(backend.clerk()));
        Self {
            router,
            store,
            snapshots,
            backend,
        }
    }

    async fn visit(&self, cookies: &str) -> Response<String> {
        let mut request: Request<Body> = get("/");
        request.headers_mut().insert("cookie", cookies.parse().unwrap());
        send(self.router.clone(), request).await
    }
}

/// A store in memory that counts how often it is asked for a session.
#[derive(Clone, Debug, Default)]
struct CountingStore {
    sessions: MemoryStore,
    loads: Arc<AtomicUsize>,
}

impl CountingStore {
    fn loads(&self) -> usize {
        self.loads.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl SessionStore for CountingStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.sessions.create(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.sessions.save(record).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.sessions.load(id).await
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.sessions.delete(id).await
    }
}

async fn show(user: Option<Extension<User>>) -> String {
    user.map_or("signed out".to_owned(), |Extension(user)| user.id)
}

/// The session cookie that a response sets, as the browser sends it back.
fn session(response: &Response<String>) -> String {
    let cookie = header(response, "set-cookie");
    assert!(cookie.starts_with("id="), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_user_is_fetched_once_a_session() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let first = app.visit(&token).await;
    assert_eq!(first.body(), "user_1");
    let second = app.visit(&format!("{token}; {}", session(&first))).await;
    assert_eq!(second.body(), "user_1");
    assert_eq!(header(&second, "set-cookie"), "");
    assert_eq!(app.backend.calls(), 1);
}

#[tokio::test]
async fn the_store_is_not_asked_for_each_page() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let cookies = format!("{token}; {}", session(&app.visit(&token).await));
    app.visit(&cookies).await;
    let loads = app.store.loads();
    assert_eq!(app.visit(&cookies).await.body(), "user_1");
    assert_eq!(app.store.loads(), loads);
}

#[tokio::test]
async fn a_remembered_snapshot_ends_with_the_sign_out() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let old = session(&app.visit(&token).await);
    app.visit(&format!("{token}; {old}")).await;
    let response = app.visit(&format!("__client_uat=0; {old}")).await;
    assert_eq!(response.body(), "signed out");
    assert!(header(&response, "set-cookie").contains("Max-Age=0"));
    // The old id is unknown by now, so there is a new session.
    let again = app.visit(&format!("{token}; {old}")).await;
    assert_eq!(again.body(), "user_1");
    assert_ne!(session(&again), old);
}

#[tokio::test]
async fn visitors_without_a_session_share_one_call() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let visits = (0..20).map(|_| app.visit(&token));
    for response in futures_util::future::join_all(visits).await {
        assert_eq!(response.body(), "user_1");
    }
    assert_eq!(app.visit(&token).await.body(), "user_1");
    assert_eq!(app.backend.calls(), 1);

    app.backend.answer_with(StatusCode::NOT_FOUND);
    let unknown = Token::new("user_unknown", "sess_2").cookies();
    for _ in 0..5 {
        assert_eq!(app.visit(&unknown).await.body(), "signed out");
    }
    assert_eq!(app.backend.calls(), 2);
}

#[tokio::test]
async fn a_shared_user_is_fetched_again_on_request() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let cookies = format!("{token}; {}", session(&app.visit(&token).await));
    let router = Router::new()
        .route("/", route_get(refresh))
        .layer(Extension(app.snapshots.clone()))
        .layer(SessionManagerLayer::new(app.store.clone()))
        .layer(ClerkLayer::new(app.backend.clerk()));
    for calls in [2, 3] {
        let mut request: Request<Body> = get("/");
        request.headers_mut().insert("cookie", cookies.parse().unwrap());
        assert_eq!(send(router.clone(), request).await.body(), "user_1");
        assert_eq!(app.backend.calls(), calls);
    }
}

async fn refresh(
    Extension(snapshots): Extension<UserSnapshots>,
    session: Session,
    MaybeAuth(auth): MaybeAuth,
) -> String {
    snapshots.refresh(&session, &auth).await.unwrap().unwrap().id
}

#[tokio::test]
async fn a_session_survives_an_unavailable_backend_api() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let session = session(&app.visit(&token).await);
    app.backend.answer_with(StatusCode::SERVICE_UNAVAILABLE);
    let unknown = app.visit(&format!("__clerk_handshake_nonce=n; {session}")).await;
    assert_eq!(unknown.body(), "signed out");
    assert_eq!(header(&unknown, "set-cookie"), "");
    let again = app.visit(&format!("{token}; {session}")).await;
    assert_eq!(again.body(), "user_1");
    assert_eq!(header(&again, "set-cookie"), "");
}

#[tokio::test]
async fn visitors_who_are_signed_out_get_no_session() {
    let app = TestApp::start().await;
    let response = app.visit("__client_uat=0").await;
    assert_eq!(response.body(), "signed out");
    assert_eq!(header(&response, "set-cookie"), "");
    assert_eq!(app.backend.calls(), 0);
}

#[tokio::test]
async fn another_clerk_session_gets_a_new_session_id() {
    let app = TestApp::start().await;
    let old = session(&app.visit(&Token::new("user_1", "sess_1").cookies()).await);
    let other = Token::new("user_2", "sess_2").cookies();
    let response = app.visit(&format!("{other}; {old}")).await;
    assert_eq!(response.body(), "user_2");
    assert_ne!(session(&response), old);
}

#[tokio::test]
async fn an_invalidated_user_is_fetched_again() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let cookies = format!("{token}; {}", session(&app.visit(&token).await));
    app.snapshots.invalidate("user_2");
    app.visit(&cookies).await;
    assert_eq!(app.backend.calls(), 1);
    app.snapshots.invalidate("user_1");
    app.visit(&cookies).await;
    assert_eq!(app.backend.calls(), 2);
}

#[tokio::test]
async fn a_failing_backend_leaves_the_outdated_snapshot_and_a_deleted_user_ends_it() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let cookies = format!("{token}; {}", session(&app.visit(&token).await));
    app.snapshots.invalidate("user_1");
    app.backend.answer_with(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(app.visit(&cookies).await.body(), "user_1");

    app.backend.answer_with(StatusCode::NOT_FOUND);
    app.snapshots.invalidate("user_1");
    let response = app.visit(&cookies).await;
    assert_eq!(response.body(), "signed out");
    assert!(header(&response, "set-cookie").contains("Max-Age=0"));
}

#[tokio::test]
async fn programs_with_a_token_get_neither_session_nor_user() {
    let app = TestApp::start().await;
    let mut request: Request<Body> = get("/");
    let bearer = format!("Bearer {}", Token::new("user_1", "sess_1").sign());
    request
        .headers_mut()
        .insert("authorization", bearer.parse().unwrap());
    let response = send(app.router.clone(), request).await;
    assert_eq!(response.body(), "signed out");
    assert_eq!(header(&response, "set-cookie"), "");
}

#[tokio::test]
async fn a_missing_layer_is_an_error_of_the_server() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1");
    let router = || {
        Router::new()
            .route("/", route_get(show))
            .layer(app.snapshots.layer())
    };
    let response = send(router(), signed_in(get::<Body>("/"), &token)).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(error_code(&response), "missing_clerk_layer");

    let router = router().layer(ClerkLayer::new(app.backend.clerk()));
    let response = send(router, signed_in(get::<Body>("/"), &token)).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(error_code(&response), "missing_session_layer");
}

#[tokio::test]
async fn a_snapshot_of_another_version_is_replaced() {
    let app = TestApp::start().await;
    let token = Token::new("user_1", "sess_1").cookies();
    let mut record = Record {
        id: Id::default(),
        data: [("user".to_owned(), json!(["unknown"]))].into(),
        expiry_date: OffsetDateTime::now_utc() + Duration::MINUTE,
    };
    app.store.create(&mut record).await.unwrap();

    let first = app.visit(&format!("{token}; id={}", record.id)).await;
    assert_eq!(first.body(), "user_1");
    let second = app.visit(&format!("{token}; {}", session(&first))).await;
    assert_eq!(second.body(), "user_1");
    assert_eq!(app.backend.calls(), 1);
}
