//! The server calls its functions directly.

use leptos::server_fn::{
    client::{Client, browser::BrowserClient},
    error::FromServerFnError,
    request::browser::BrowserRequest,
    response::browser::BrowserResponse,
};

pub(super) fn send<E: FromServerFnError>(
    request: BrowserRequest,
) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
    <BrowserClient as Client<E>>::send(request)
}
