//! Uploaded images.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{error::ApiError, id, store::Document};

/// An uploaded image, whose type is detected by its first bytes.
pub(crate) struct Upload {
    content_type: String,
    bytes: Vec<u8>,
}

impl Upload {
    /// Decodes the text that clerk-js sends for an image outside of a form: base64, or a data URL.
    pub(crate) fn from_base64(text: &[u8]) -> Result<Self, ApiError> {
        let encoded = text.rsplit(|byte| *byte == b',').next().unwrap_or(text);
        let malformed = |_| ApiError::invalid("file", "The picture must be a file, or encoded in base64.");
        Self::new(&STANDARD.decode(encoded).map_err(malformed)?)
    }

    pub(crate) fn new(bytes: &[u8]) -> Result<Self, ApiError> {
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
pub(crate) struct Image {
    pub(crate) id: String,
    pub(crate) content_type: String,
    /// Base64.
    pub(crate) bytes: String,
}

impl Document for Image {
    const KIND: &'static str = "image";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Image {
    pub(crate) fn new(upload: &Upload, now: i64) -> Self {
        let bytes = STANDARD.encode(&upload.bytes);
        Self {
            id: id::new("img", now),
            content_type: upload.content_type.clone(),
            bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_must_be_images() {
        assert!(Upload::new(b"\x89PNG\r\n").is_ok());
        assert!(Upload::new(b"<svg xmlns='http://www.w3.org/2000/svg'/>").is_err());
        assert!(Upload::new(b"").is_err());
    }
}
