//! A Clerk instance whose session tokens the test signs, and requests through a service.

mod backend_stub;
mod keys;

pub(crate) use self::{backend_stub::BackendStub, keys::Token};

use axum::body::Bytes;
use axum_clerk::{Auth, Clerk, Options};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Request, Response, header};
use http_body_util::{BodyExt, Full};
use tower::{Service, ServiceExt};

/// The Frontend API host of the keys: session tokens must be issued by it.
const FRONTEND_API: &str = "clerk.app.example";

/// The options of a production instance, which verifies tokens without the network.
pub(crate) fn options() -> Options {
    let publishable_key = format!("pk_live_{}", STANDARD.encode(format!("{FRONTEND_API}$")));
    let mut options = Options::new(publishable_key, "sk_live_secret");
    options.jwt_key = Some(keys::public_pem().to_owned());
    options.sign_in_url = Some("/sign-in".to_owned());
    options
}

pub(crate) fn clerk() -> Clerk {
    Clerk::new(options()).unwrap()
}

/// A GET request of a program.
pub(crate) fn get<B: Default>(path: &str) -> Request<B> {
    Request::get(path)
        .header(header::HOST, "app.example")
        .header("x-forwarded-proto", "https")
        .body(B::default())
        .unwrap()
}

/// Makes the request one of a browser that navigates.
pub(crate) fn document<B>(mut request: Request<B>) -> Request<B> {
    let headers = request.headers_mut();
    headers.insert("accept", "text/html".parse().unwrap());
    headers.insert("sec-fetch-dest", "document".parse().unwrap());
    request
}

/// Adds the cookies that a browser has while signed in.
pub(crate) fn signed_in<B>(mut request: Request<B>, token: &Token) -> Request<B> {
    let cookies = token.cookies().parse().unwrap();
    request.headers_mut().insert(header::COOKIE, cookies);
    request
}

/// Sends the request and collects the response's body as text.
pub(crate) async fn send<S, B, R>(service: S, request: Request<B>) -> Response<String>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: std::fmt::Debug,
    R: BodyExt,
    R::Error: std::fmt::Debug,
{
    let (parts, body) = service.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Response::from_parts(parts, String::from_utf8(body.to_vec()).unwrap())
}

/// The code of a JSON error response.
pub(crate) fn error_code(response: &Response<String>) -> String {
    let body: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    body["errors"][0]["code"].as_str().unwrap().to_owned()
}

/// A header's value; empty if it is missing.
pub(crate) fn header<'a, B>(response: &'a Response<B>, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// A service without axum: it answers with the id of the caller in a body that is not axum's.
pub(crate) async fn who_am_i(
    request: Request<()>,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let auth = request.extensions().get::<Auth>().unwrap();
    let body = auth.user_id().unwrap_or("signed out").to_owned();
    Ok(Response::new(Full::from(body)))
}
