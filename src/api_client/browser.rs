use js_sys::{JSON, Reflect};
use leptos::{
    ev::SubmitEvent,
    logging::warn,
    prelude::{event_target, window},
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
};
use leptos_clerk::{Clerk, GetTokenOptions};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams};

use super::CallError;

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
        let response = send("GET", path, token, None).await?;
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
    let response = send("HEAD", "/", None, None)
        .await
        .map_err(|error| describe(&error))?;
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
        if let Err(error) = send("POST", "/api/session/refresh", None, None).await {
            warn!(
                "The server could not be told that the user changed: {}",
                describe(&error)
            );
        }
    });
}

/// A form as the browser would send it.
#[derive(Clone)]
pub(crate) struct Form {
    action: String,
    /// URL-encoded.
    fields: String,
}

impl Form {
    /// Takes the form that is about to be sent, and keeps the browser from sending it.
    pub(crate) fn of(event: &SubmitEvent) -> Self {
        event.prevent_default();
        let form: HtmlFormElement = event_target(event);
        let fields = FormData::new_with_form(&form)
            .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data));
        Self {
            action: form.action(),
            fields: fields.map(|fields| fields.to_string().into()).unwrap_or_default(),
        }
    }
}

/// Calls the server function that a form belongs to, with a fresh session token: the cookie may be stale after the machine has slept.
pub(crate) fn submit(clerk: Clerk, form: Form) -> impl Future<Output = Result<(), CallError>> + Send {
    SendWrapper::new(async move {
        let fields = UrlSearchParams::new_with_str(&form.fields).ok();
        call(clerk, "POST", &form.action, fields).await.map(|_| ())
    })
}

/// Calls a server function that takes nothing and returns a text.
pub(crate) async fn text(clerk: Clerk, path: &str) -> Result<String, CallError> {
    let value = call(clerk, "GET", path, None).await?;
    Ok(value.as_string().unwrap_or_default())
}

/// Calls a server function. With Leptos's own client, whose types and serde do the same, the WebAssembly is half as large again (docs/performance.md).
async fn call(
    clerk: Clerk,
    method: &str,
    path: &str,
    fields: Option<UrlSearchParams>,
) -> Result<JsValue, CallError> {
    let token = clerk.get_token(GetTokenOptions::new()).await.ok().flatten();
    let answer = async {
        let response = send(method, path, token, fields).await?;
        let text = JsFuture::from(response.text()?).await?;
        Ok((response.ok(), text.as_string().unwrap_or_default()))
    };
    let (is_ok, text) = answer.await.map_err(|error: JsValue| CallError {
        message: describe(&error),
        needs_reverification: false,
    })?;
    let value = JSON::parse(&text);
    if let (true, Ok(value)) = (is_ok, &value) {
        return Ok(value.clone());
    }
    let message = ["errors", "0", "message"]
        .into_iter()
        .try_fold(value.unwrap_or_default(), |value, key| {
            Reflect::get(&value, &key.into())
        });
    Err(CallError {
        message: message
            .ok()
            .and_then(|message| message.as_string())
            .unwrap_or_else(|| "The server did not do this.".to_owned()),
        // `reason` of the error that Clerk's `isReverificationHint` recognizes.
        needs_reverification: text.contains("\"reverification-error\""),
    })
}

async fn send(
    method: &str,
    path: &str,
    token: Option<String>,
    fields: Option<UrlSearchParams>,
) -> Result<Response, JsValue> {
    let request = RequestInit::new();
    request.set_method(method);
    if let Some(fields) = fields {
        request.set_body(&fields);
    }
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
