//! Requests through the app, and a Backend API that knows one user.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{Json, Router, body::Body, extract::Path, middleware::map_request, routing};
use axum_clerk::{Clerk, CspNonce, Options, SignedOutPages};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, Request, Response, StatusCode, header as names};
use http_body_util::BodyExt;
use serde_json::json;
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::{
    app,
    keys::{self, Token},
};

pub(crate) const FRONTEND_API: &str = "clerk.app.example";

/// Who sends a request.
pub(crate) enum Caller {
    SignedOut,
    Cookies(Token),
    Bearer(Token),
    CookiesAndBearer(Token, Token),
}

/// Whoever navigates in a browser.
pub(crate) struct Visitor(pub(crate) Caller);

impl Caller {
    fn sign(&self, request: &mut Request<Body>) {
        let headers = request.headers_mut();
        let (cookies, bearer) = match self {
            Self::SignedOut => (None, None),
            Self::Cookies(token) => (Some(token), None),
            Self::Bearer(token) => (None, Some(token)),
            Self::CookiesAndBearer(cookies, bearer) => (Some(cookies), Some(bearer)),
        };
        if let Some(token) = cookies {
            headers.insert(names::COOKIE, token.cookies().parse().unwrap());
        }
        if let Some(token) = bearer {
            let authorization = format!("Bearer {}", token.sign());
            headers.insert(names::AUTHORIZATION, authorization.parse().unwrap());
        }
    }
}

fn options() -> Options {
    let publishable_key = format!("pk_live_{}", STANDARD.encode(format!("{FRONTEND_API}$")));
    let mut options = Options::new(publishable_key, "sk_live_secret");
    options.jwt_key = Some(keys::public_pem().to_owned());
    options.sign_in_url = Some("/sign-in".to_owned());
    options
}

fn app() -> Router {
    app::routes().layer(app::layer(Clerk::new(options()).unwrap()))
}

/// A call of a server function, as the client of Leptos sends it.
pub(crate) async fn post(path: &str, body: &'static str, caller: Caller) -> Response<String> {
    send(app(), call(path, body, &caller)).await
}

/// The same by a form, without JavaScript.
pub(crate) async fn form(path: &str, body: &'static str, caller: Caller) -> Response<String> {
    let mut request = call(path, body, &caller);
    let headers = request.headers_mut();
    headers.insert(names::ACCEPT, "text/html".parse().unwrap());
    headers.insert(names::REFERER, "https://app.example/team?a=b".parse().unwrap());
    send(app(), request).await
}

pub(crate) async fn get(path: &str, Visitor(caller): Visitor) -> Response<String> {
    let mut request = request(Method::GET, path, "");
    request
        .headers_mut()
        .insert(names::ACCEPT, "text/html".parse().unwrap());
    caller.sign(&mut request);
    send(app(), request).await
}

/// The page for a signed-out visitor, where it was to be rendered once for all of them.
pub(crate) async fn get_rendered_once(path: &'static str) -> Response<String> {
    let clerk = Clerk::new(options()).unwrap();
    let pages = app::routes();
    let rendered = SignedOutPages::render(&clerk, &[path], pages.clone()).await;
    let app = pages
        .layer(rendered.layer())
        .layer(app::layer(clerk))
        .layer(map_request(async |mut request: axum::extract::Request| {
            request.extensions_mut().insert(CspNonce::new());
            request
        }));
    let mut request = request(Method::GET, path, "");
    let headers = request.headers_mut();
    headers.insert(names::ACCEPT, "text/html".parse().unwrap());
    send(app, request).await
}

/// A call by a stranger through a router that is nested below `/app`.
pub(crate) async fn send_nested(method: Method, path: &str) -> Response<String> {
    let clerk = Clerk::new(options()).unwrap();
    let nested = Router::new().nest("/app", app::routes()).layer(app::layer(clerk));
    send(nested, request(method, path, "")).await
}

pub(crate) async fn send_without_layer(path: &str) -> Response<String> {
    send(app::routes(), call(path, "", &Caller::SignedOut)).await
}

fn call(path: &str, body: &'static str, caller: &Caller) -> Request<Body> {
    let mut request = request(Method::POST, path, body);
    let headers = request.headers_mut();
    headers.insert(names::ACCEPT, "application/json".parse().unwrap());
    headers.insert(
        names::CONTENT_TYPE,
        "application/x-www-form-urlencoded".parse().unwrap(),
    );
    caller.sign(&mut request);
    request
}

fn request(method: Method, path: &str, body: &'static str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(names::HOST, "app.example")
        .header("x-forwarded-proto", "https")
        .body(Body::from(body))
        .unwrap()
}

async fn send(app: Router, request: Request<Body>) -> Response<String> {
    let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Response::from_parts(parts, String::from_utf8(body.to_vec()).unwrap())
}

pub(crate) fn header<'a>(response: &'a Response<String>, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// The app with a Backend API.
pub(crate) struct Users {
    app: Router,
    fails: Arc<AtomicBool>,
}

pub(crate) async fn users() -> Users {
    let fails = Arc::new(AtomicBool::new(false));
    let user = {
        let fails = Arc::clone(&fails);
        async move |Path(id): Path<String>| match fails.load(Ordering::SeqCst) {
            true => Err(StatusCode::SERVICE_UNAVAILABLE),
            false => Ok(Json(
                json!({ "id": id, "first_name": "Ada", "email_addresses": [] }),
            )),
        }
    };
    let api = Router::new().route("/v1/users/{id}", routing::get(user));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = options();
    options.api_url = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    tokio::spawn(async move { axum::serve(listener, api).await });
    let clerk = Clerk::new(options).unwrap();
    Users {
        app: app::routes().layer(app::layer(clerk)),
        fails,
    }
}

impl Users {
    pub(crate) async fn post(&self, path: &str, caller: Caller) -> Response<String> {
        send(self.app.clone(), call(path, "", &caller)).await
    }

    /// Lets the Backend API fail from now on.
    pub(crate) fn fail(&self) {
        self.fails.store(true, Ordering::SeqCst);
    }
}
