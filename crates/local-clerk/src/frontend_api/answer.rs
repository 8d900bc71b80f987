//! The wrapper around replies, which carries the client to clerk-js with every change.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    http::{Reply, Request},
    model::{Client, User},
    view,
};

use super::browser::Caller;

/// Replies with the result of a change and the changed client; clerk-js takes over both.
pub(super) fn with_client(cx: &Context<'_>, response: &Value, client: &Client) -> Result<Reply, Error> {
    let client = view::client(cx, client)?;
    Ok(Reply::json(&json!({ "response": response, "client": client })))
}

/// Replies with a result that leaves the client unchanged.
pub(super) fn without_client(response: &Value) -> Reply {
    Reply::json(&json!({ "response": response, "client": null }))
}

/// Stores a changed user, and replies with it.
pub(super) fn with_user(cx: &Context<'_>, client: &Client, user: &mut User) -> Result<Reply, Error> {
    user.updated_at = cx.now;
    cx.store.put(user)?;
    with_client(cx, &view::user(cx, user)?, client)
}

/// Replies with a page of a list and the list's total.
pub(super) fn with_page(
    cx: &Context<'_>,
    request: &Request,
    caller: &Caller,
    all: &[Value],
) -> Result<Reply, Error> {
    with_page_of(cx, request, caller, all, |one| Ok(one.clone()))
}

/// Replies with a page of a list, of which no more is rendered, and the list's total.
pub(super) fn with_page_of<T>(
    cx: &Context<'_>,
    request: &Request,
    caller: &Caller,
    all: &[T],
    render: impl Fn(&T) -> Result<Value, Error>,
) -> Result<Reply, Error> {
    let page: Result<Vec<Value>, Error> = request.paginate(all).iter().map(render).collect();
    let page = json!({ "data": page?, "total_count": all.len() });
    with_client(cx, &page, &caller.client)
}
