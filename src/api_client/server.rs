use leptos::ev::SubmitEvent;
use leptos_clerk::Clerk;

use super::CallError;

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

/// Forms are sent by the browser only.
#[derive(Clone)]
pub(crate) struct Form;

impl Form {
    pub(crate) const fn of(_event: &SubmitEvent) -> Self {
        Self
    }
}

pub(crate) async fn submit(_clerk: Clerk, _form: Form) -> Result<(), CallError> {
    Err(browser_only())
}

pub(crate) async fn text(_clerk: Clerk, _path: &str) -> Result<String, CallError> {
    Err(browser_only())
}

fn browser_only() -> CallError {
    CallError {
        message: "server functions are called over HTTP from the browser only".to_owned(),
        needs_reverification: false,
    }
}
