//! Calls from the browser.

use std::mem;

use leptos::server_fn::{
    client::{Client, browser::BrowserClient},
    error::FromServerFnError,
    request::{
        ClientReq,
        browser::{BrowserRequest, Request},
    },
    response::{ClientRes, browser::BrowserResponse},
};
use send_wrapper::SendWrapper;

use crate::{clerk_js::get_token, props::Props};

const UNAUTHORIZED: u16 = 401;

pub(super) fn send<E: FromServerFnError>(
    mut request: BrowserRequest,
) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
    SendWrapper::new(async move {
        // A request is used up by sending it.
        let copy = copy(&mut request);
        let response = <BrowserClient as Client<E>>::send(request).await?;
        if ClientRes::<E>::status(&response) != UNAUTHORIZED {
            return Ok(response);
        }
        let Some(copy) = copy else { return Ok(response) };
        let Ok(Some(token)) = get_token(&Props::default()).await else {
            return Ok(response);
        };
        match with_token::<E>(copy, &token) {
            Some(repeated) => <BrowserClient as Client<E>>::send(repeated).await,
            None => Ok(response),
        }
    })
}

fn copy(request: &mut BrowserRequest) -> Option<web_sys::Request> {
    let placeholder = Request::get("/").build().ok()?;
    let original = web_sys::Request::from(mem::replace(&mut **request, placeholder));
    let copy = original.clone();
    **request = Request::from(original);
    copy.ok()
}

fn with_token<E: FromServerFnError>(request: web_sys::Request, token: &str) -> Option<BrowserRequest> {
    let authorization = ["Bearer ", token].concat();
    request.headers().set("Authorization", &authorization).ok()?;
    // The type has no other constructor.
    let mut carrier: BrowserRequest =
        ClientReq::<E>::try_new_get("/", "text/plain", "text/plain", "").ok()?;
    *carrier = Request::from(request);
    Some(carrier)
}
