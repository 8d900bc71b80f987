use leptos_clerk::Clerk;

/// Only the browser holds a session token.
pub(crate) async fn get(_clerk: Clerk, _path: &str) -> Result<String, String> {
    Err("the API is called from the browser only".to_owned())
}

/// Does nothing on the server, which reads the user for every page.
pub(crate) fn refresh_session() {}

/// The server decides itself.
pub(crate) async fn decision() -> Result<String, String> {
    Err("the decision is asked for from the browser only".to_owned())
}
