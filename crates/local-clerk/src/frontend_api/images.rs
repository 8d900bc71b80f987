//! Serves images: uploaded ones, and drawn initials for users without one.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::Image,
};

const FOREVER: &str = "public, max-age=31536000, immutable";

pub(super) fn serve(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let id = request.path("id");
    let image = cx
        .store
        .get::<Image>(&id)?
        .ok_or_else(|| ApiError::not_found("image", &id))?;
    let bytes = STANDARD.decode(&image.bytes).unwrap_or_default();
    Ok(Reply::bytes("application/octet-stream", bytes)
        .replacing_header(header::CONTENT_TYPE, &image.content_type)
        .replacing_header(header::CACHE_CONTROL, FOREVER)
        .replacing_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
}

pub(super) fn avatar(_: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let name = request.path("name");
    let hue = request.path("hue").parse::<u16>().ok().filter(|hue| *hue < 360);
    let initials = name.strip_suffix(".svg").filter(|initials| {
        initials.len() <= 2 && initials.bytes().all(|letter| letter.is_ascii_alphanumeric())
    });
    let (Some(hue), Some(initials)) = (hue, initials) else {
        return Err(ApiError::not_found("avatar", &name).into());
    };
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl({hue} 60% 55%)"/><stop offset="1" stop-color="hsl({} 65% 40%)"/></linearGradient></defs><rect width="64" height="64" fill="url(#g)"/><text x="32" y="33" fill="#fff" font-family="system-ui,sans-serif" font-size="27" font-weight="600" text-anchor="middle" dominant-baseline="central">{initials}</text></svg>"##,
        (hue + 40) % 360
    );
    Ok(Reply::bytes("image/svg+xml", svg).replacing_header(header::CACHE_CONTROL, FOREVER))
}
