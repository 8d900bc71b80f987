//! URLs that native apps may be redirected to.

use serde_json::Value;
use url::Url;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    id,
    model::RedirectUrl,
    view,
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let urls: Vec<Value> = cx
        .store
        .all::<RedirectUrl>()?
        .iter()
        .map(view::redirect_url)
        .collect();
    Ok(request.bare_or_paginated(&urls))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let url = request.body.required("url")?;
    if Url::parse(url).is_err() {
        return Err(
            ApiError::invalid("url", "url must be an absolute URL, such as my-app://callback.").into(),
        );
    }
    if !cx.store.of::<RedirectUrl>(url)?.is_empty() {
        return Err(ApiError::form("duplicate_record", "url", "The URL is already on the list.").into());
    }
    let made = RedirectUrl {
        id: id::new("ru", cx.now),
        url: url.to_owned(),
        created_at: cx.now,
    };
    cx.store.put(&made)?;
    Ok(Reply::json(&view::redirect_url(&made)))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::redirect_url(&request.load(
        cx,
        "id",
        "redirect url",
    )?)))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let url: RedirectUrl = request.load(cx, "id", "redirect url")?;
    cx.store.delete::<RedirectUrl>(&url.id)?;
    Ok(Reply::json(&view::deleted("redirect_url", &url.id)))
}
