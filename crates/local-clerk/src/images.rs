//! Pictures: drawn initials for those who have none, and what users upload.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header;
use serde::{Deserialize, Serialize};

use super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    reply::Reply,
    store::Document,
};

const FOREVER: &str = "public, max-age=31536000, immutable";

/// A picture that was sent, known by its first bytes.
pub(super) struct Upload {
    content_type: String,
    bytes: Vec<u8>,
}

impl Upload {
    /// From the text that clerk-js sends of a picture that is none of a form's files: base64, or a data URL.
    pub(super) fn from_base64(text: &[u8]) -> Result<Self, ApiError> {
        let encoded = text.rsplit(|byte| *byte == b',').next().unwrap_or(text);
        let malformed = |_| ApiError::invalid("file", "The picture must be a file, or encoded in base64.");
        Self::new(&STANDARD.decode(encoded).map_err(malformed)?)
    }

    pub(super) fn new(bytes: &[u8]) -> Result<Self, ApiError> {
        let kind = match bytes {
            [0x89, b'P', b'N', b'G', ..] => "png",
            [0xff, 0xd8, 0xff, ..] => "jpeg",
            [b'G', b'I', b'F', b'8', ..] => "gif",
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
            _ => {
                return Err(ApiError::invalid(
                    "file",
                    "The picture must be a PNG, JPEG, GIF or WebP file.",
                ));
            }
        };
        Ok(Self {
            content_type: format!("image/{kind}"),
            bytes: bytes.to_vec(),
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Image {
    pub(super) id: String,
    content_type: String,
    /// Base64.
    bytes: String,
}

impl Document for Image {
    const KIND: &'static str = "image";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Image {
    pub(super) fn new(upload: Upload) -> Self {
        let bytes = STANDARD.encode(upload.bytes);
        Self {
            id: id::new("img"),
            content_type: upload.content_type,
            bytes,
        }
    }
}

/// Where a picture lies, below the Frontend API's address.
pub(super) fn path(image_id: &str) -> String {
    format!("/images/{image_id}")
}

/// Where the drawn picture of a user lies: what it shows is in its address.
pub(super) fn avatar_path(names: [Option<&str>; 2], identifier: &str, user_id: &str) -> String {
    let first_letter = |name: &str| {
        name.chars()
            .find(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_uppercase())
    };
    let mut initials: String = names.into_iter().flatten().filter_map(first_letter).collect();
    if initials.is_empty() {
        initials.extend(first_letter(identifier));
    }
    let hue = user_id
        .bytes()
        .fold(0u32, |hue, byte| (hue * 31 + u32::from(byte)) % 360);
    format!("/avatars/{hue}/{initials}.svg")
}

pub(super) fn serve(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.path("id");
    let image = call
        .store
        .get::<Image>(&id)?
        .ok_or_else(|| ApiError::not_found("image", &id))?;
    let bytes = STANDARD.decode(&image.bytes).unwrap_or_default();
    Ok(Reply::bytes("application/octet-stream", bytes)
        .replacing_header(header::CONTENT_TYPE, &image.content_type)
        .replacing_header(header::CACHE_CONTROL, FOREVER)
        .replacing_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
}

pub(super) fn avatar(call: &mut Call<'_>) -> Result<Reply, Error> {
    let name = call.path("name");
    let hue = call.path("hue").parse::<u16>().ok().filter(|hue| *hue < 360);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn avatars_show_initials() {
        let ends = |names, initials: &str| {
            let path = avatar_path(names, "jane@example.com", "user_1");
            assert!(path.ends_with(&format!("/{initials}.svg")), "{path}");
        };
        ends([Some("Jane"), Some("doe")], "JD");
        ends([None, None], "J");
        ends([Some("\"><script>"), None], "S");
    }

    #[test]
    fn uploads_are_pictures() {
        assert!(Upload::new(b"\x89PNG\r\n").is_ok());
        assert!(Upload::new(b"<svg xmlns='http://www.w3.org/2000/svg'/>").is_err());
        assert!(Upload::new(b"").is_err());
    }
}
