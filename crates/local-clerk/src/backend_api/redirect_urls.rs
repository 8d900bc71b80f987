//! Where native apps may be sent back to.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    reply::Reply,
    store::Document,
    view,
};

#[derive(Serialize, Deserialize)]
pub(super) struct RedirectUrl {
    id: String,
    url: String,
    created_at: i64,
}

impl Document for RedirectUrl {
    const KIND: &'static str = "redirect_url";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.url)
    }
}

impl RedirectUrl {
    fn json(&self) -> Value {
        json!({
            "object": "redirect_url",
            "id": self.id,
            "url": self.url,
            "created_at": self.created_at,
            "updated_at": self.created_at,
        })
    }
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let urls: Vec<Value> = call.store.all()?.iter().map(RedirectUrl::json).collect();
    Ok(call.bare_or_paginated(&urls))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let url = call.body.required("url")?;
    if Url::parse(url).is_err() {
        return Err(
            ApiError::invalid("url", "url must be an absolute URL, such as my-app://callback.").into(),
        );
    }
    if !call.store.of::<RedirectUrl>(url)?.is_empty() {
        return Err(ApiError::form("duplicate_record", "url", "The URL is on the list already.").into());
    }
    let made = RedirectUrl {
        id: id::new("ru"),
        url: url.to_owned(),
        created_at: call.now,
    };
    call.store.put(&made)?;
    Ok(Reply::json(&made.json()))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(
        &call.named::<RedirectUrl>("id", "redirect url")?.json(),
    ))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let url: RedirectUrl = call.named("id", "redirect url")?;
    call.store.delete::<RedirectUrl>(&url.id)?;
    Ok(Reply::json(&view::deleted("redirect_url", &url.id)))
}
