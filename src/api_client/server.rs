use leptos_clerk::Clerk;

/// Only the browser holds a session token.
pub(crate) async fn get(_clerk: Clerk, _path: &str) -> Result<String, String> {
    Err("only the browser calls the API".to_owned())
}

/// The server needs no message from itself.
pub(crate) fn refresh_session() {}
