use gloo_net::http::Request;
use leptos::{logging::warn, task::spawn_local};
use leptos_clerk::Clerk;

/// Sends a GET request with the session token as a bearer token, as a client without cookies would. Returns the body,
/// whatever the status.
///
/// # Errors
///
/// A message if there is no response.
pub(crate) async fn get(clerk: Clerk, path: &str) -> Result<String, String> {
    let mut request = Request::get(path);
    if let Some(token) = clerk.get_token().await {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    let response = request.send().await.map_err(|error| error.to_string())?;
    response.text().await.map_err(|error| error.to_string())
}

/// Asks the server to fetch the user again, so that its next page shows what was edited.
pub(crate) fn refresh_session() {
    spawn_local(async {
        if let Err(error) = Request::post("/api/session/refresh").send().await {
            warn!("The server could not be told that the user changed: {error}");
        }
    });
}
