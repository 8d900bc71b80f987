//! A stub of the Backend API: the response to a refresh is encoded in the refresh
//! token itself, that to a nonce is stored under it, and the first segment of the path selects the state of the key set.

use aws_lc_rs::digest::{SHA256, digest};
use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{LazyLock, Mutex},
    thread,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, RawQuery},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::keys::{KID, OTHER, OWN};

/// States of the key set. Most instances have the first.
pub(crate) const STATES: [&str; 6] = ["good", "other-key", "no-alg", "empty", "unauthorized", "failing"];

/// Starts the stub and returns its URL. It has a thread of its own, so that it always responds at once.
pub(crate) fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    listener.set_nonblocking(true).unwrap();
    thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, routes()).await.unwrap();
        });
    });
    url
}

fn routes() -> Router {
    Router::new()
        .route("/{state}/v1/jwks", get(jwks))
        .route("/{state}/v1/sessions/{sid}/refresh", post(refresh))
        .route("/{state}/api_keys/verify", post(verify))
        .route("/{state}/m2m_tokens/verify", post(verify))
        .route("/{state}/oauth_applications/access_tokens/verify", post(verify))
        .route("/{state}/v1/clients/handshake_payload", get(payload))
}

async fn jwks(Path(state): Path<String>) -> Response {
    let error = |status, code| {
        (
            status,
            Json(json!({"errors": [{"code": code, "message": "stub"}]})),
        )
            .into_response()
    };
    let key = match state.as_str() {
        "other-key" => OTHER.jwk(KID),
        "no-alg" => {
            let mut jwk = OWN.jwk(KID);
            jwk.as_object_mut().unwrap().remove("alg");
            jwk
        }
        "empty" => return Json(json!({"keys": []})).into_response(),
        "unauthorized" => return error(StatusCode::UNAUTHORIZED, "clerk_key_invalid"),
        "failing" => return error(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        _ => OWN.jwk(KID),
    };
    Json(json!({"keys": [key, OTHER.jwk("ins_other")]})).into_response()
}

/// Returns a hash of the request in a cookie, so that comparing cookies also compares requests.
async fn refresh(Path((_, sid)): Path<(String, String)>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let asked = digest(&SHA256, format!("{sid} {query:?} {body}").as_bytes());
    let echo = format!("echo={}; Path=/", URL_SAFE_NO_PAD.encode(asked));
    written(body["refresh_token"].as_str().unwrap_or_default(), Some(&echo))
}

/// The response is encoded in the token, after its prefix. Claims that are `authorization` become the secret key of the
/// request, so that comparing claims also compares keys.
async fn verify(headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let token = ["secret", "token", "access_token"]
        .iter()
        .find_map(|name| body[name].as_str());
    let (_, answer) = token.unwrap_or_default().split_once('_').unwrap_or_default();
    let answer = URL_SAFE_NO_PAD.decode(answer).unwrap_or_default();
    let Ok(mut answer) = serde_json::from_slice::<Value>(&answer) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = answer["body"].as_str().unwrap();
    let mut body: Value = serde_json::from_str(body).unwrap();
    if body["claims"] == "authorization" {
        let authorization = headers[header::AUTHORIZATION].to_str().unwrap();
        body["claims"] = json!({ "authorization": authorization });
    }
    answer["body"] = json!(body.to_string());
    written(&URL_SAFE_NO_PAD.encode(answer.to_string()), None)
}

async fn payload(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let nonce = query.strip_prefix("nonce=").unwrap_or_default();
    let answer = NONCES.lock().unwrap().get(nonce).cloned();
    written(answer.as_deref().unwrap_or_default(), None)
}

/// Written responses by nonce: nonces are too short to contain them.
static NONCES: LazyLock<Mutex<HashMap<String, String>>> = LazyLock::new(Mutex::default);

/// A nonce that cannot be looked up.
pub(crate) fn failing_nonce() -> String {
    nonce(500, "{}")
}

/// Makes a nonce with this response.
pub(crate) fn nonce(status: u16, body: &str) -> String {
    let answer = write(status, body);
    let nonce = URL_SAFE_NO_PAD.encode(digest(&SHA256, answer.as_bytes()));
    NONCES.lock().unwrap().insert(nonce.clone(), answer);
    nonce
}

/// Encodes a response in a token, which this stub decodes.
pub(crate) fn write(status: u16, body: &str) -> String {
    URL_SAFE_NO_PAD.encode(json!({"status": status, "body": body}).to_string())
}

fn written(token: &str, echo: Option<&str>) -> Response {
    let answer = URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    let Some(answer) = answer else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let status = StatusCode::from_u16(answer["status"].as_u64().unwrap() as u16).unwrap();
    let mut body = answer["body"].as_str().unwrap().to_owned();
    if let (Some(echo), Ok(mut json)) = (echo, serde_json::from_str::<Value>(&body))
        && let Some(cookies) = json["cookies"].as_array_mut()
        && !cookies.is_empty()
    {
        cookies.push(json!(echo));
        body = json.to_string();
    }
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        Body::from(body),
    )
        .into_response()
}
