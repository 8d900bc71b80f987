//! The signed-in user's picture.

use serde_json::json;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        images::{self, Image},
        model::{Client, User},
        reply::Reply,
    },
    browser::Caller,
};

pub(super) fn upload(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let upload = call.upload.take().ok_or_else(|| ApiError::missing("file"))?;
    let image = Image::new(upload);
    call.store.put(&image)?;
    let previous = user.image_id.replace(image.id.clone());
    let public_url = format!("{}{}", call.url.frontend_api, images::path(&image.id));
    let response = json!({ "object": "image", "id": image.id, "name": image.id, "public_url": public_url });
    replace(call, &client, &mut user, previous, &response)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let previous = user.image_id.take();
    let response = json!({ "object": "image", "id": previous, "deleted": true });
    replace(call, &client, &mut user, previous, &response)
}

fn replace(
    call: &Call<'_>,
    client: &Client,
    user: &mut User,
    previous: Option<String>,
    response: &serde_json::Value,
) -> Result<Reply, Error> {
    if let Some(previous) = previous {
        call.store.delete::<Image>(&previous)?;
    }
    user.updated_at = call.now;
    call.store.put(user)?;
    call.wrapped(response, client)
}
