use leptos::{
    logging::warn,
    prelude::window,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
};
use leptos_clerk::{Clerk, GetTokenOptions};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Sends a GET request with the session token as a bearer token, as a client without cookies would. Returns the body,
/// whatever the status.
///
/// # Errors
///
/// A message if there is no response.
pub(crate) async fn get(clerk: Clerk, path: &str) -> Result<String, String> {
    let token = clerk
        .get_token(GetTokenOptions::new())
        .await
        .map_err(|error| error.to_string())?;
    let text = async {
        let response = send("GET", path, token).await?;
        JsFuture::from(response.text()?).await
    };
    let text = text.await.map_err(|error| describe(&error))?;
    Ok(text.as_string().unwrap_or_default())
}

/// Asks the server who is asking, by the cookies. Returns the headers of its answer that say what it has decided, and why.
///
/// # Errors
///
/// A message if there is no response.
pub(crate) async fn decision() -> Result<String, String> {
    let response = send("HEAD", "/", None).await.map_err(|error| describe(&error))?;
    let headers = response.headers();
    let mut text = String::new();
    for name in ["x-clerk-auth-status", "x-clerk-auth-reason"] {
        if let Ok(Some(value)) = headers.get(name) {
            text.push_str(&[name, ": ", &value, "\n"].concat());
        }
    }
    Ok(text)
}

/// Asks the server to fetch the user again, so that its next page shows what was edited.
pub(crate) fn refresh_session() {
    spawn_local(async {
        if let Err(error) = send("POST", "/api/session/refresh", None).await {
            warn!(
                "The server could not be told that the user changed: {}",
                describe(&error)
            );
        }
    });
}

async fn send(method: &str, path: &str, token: Option<String>) -> Result<Response, JsValue> {
    let request = RequestInit::new();
    request.set_method(method);
    if let Some(token) = token {
        let headers = Headers::new()?;
        headers.set("authorization", &["Bearer ", &token].concat())?;
        request.set_headers(&headers);
    }
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &request)).await?;
    response.dyn_into()
}

/// What the browser says about a request without a response.
fn describe(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .unwrap_or_default()
}
