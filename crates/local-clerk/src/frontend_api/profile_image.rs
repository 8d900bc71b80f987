//! The signed-in user's profile image.

use serde_json::json;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, Image, User},
    view,
};

use super::{
    answer,
    browser::{self, Caller},
};

pub(super) fn upload(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let upload = request.upload.as_ref().ok_or_else(|| ApiError::missing("file"))?;
    let image = Image::new(upload, cx.now);
    cx.store.put(&image)?;
    let previous = user.image_id.replace(image.id.clone());
    let public_url = format!("{}{}", cx.url.frontend_api, view::image_path(&image.id));
    let response = json!({ "object": "image", "id": image.id, "name": image.id, "public_url": public_url });
    replace(cx, &client, &mut user, previous, &response)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let previous = user.image_id.take();
    let response = json!({ "object": "image", "id": previous, "deleted": true });
    replace(cx, &client, &mut user, previous, &response)
}

fn replace(
    cx: &Context<'_>,
    client: &Client,
    user: &mut User,
    previous: Option<String>,
    response: &serde_json::Value,
) -> Result<Reply, Error> {
    if let Some(previous) = previous {
        cx.store.delete::<Image>(&previous)?;
    }
    user.updated_at = cx.now;
    cx.store.put(user)?;
    answer::with_client(cx, response, client)
}
