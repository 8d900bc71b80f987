//! Svix, which sends Clerk's webhooks. The local Clerk sends its own, and its page takes the place of Svix's.

use serde_json::json;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
};

/// Refuses another app, as Clerk does: there is one already.
pub(super) fn create_app(_: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    let message = "A Svix app already exists for this instance: the local Clerk sends the webhooks itself.";
    Err(ApiError::bad_request("svix_app_exists", message).into())
}

/// Returns the address of the page, which lists the events and can send them again.
pub(super) fn dashboard_url(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({ "svix_url": format!("http://{}/", cx.own) })))
}
