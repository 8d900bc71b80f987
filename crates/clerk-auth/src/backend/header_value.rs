//! Header values from text.

use http::HeaderValue;

/// Encodes text as Latin-1, as the Fetch API does. `None` if the text is not allowed in a header.
pub(crate) fn header_value(text: &str) -> Option<HeaderValue> {
    let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
    HeaderValue::from_bytes(&bytes.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_as_latin_1() {
        assert_eq!(header_value("é").unwrap().as_bytes(), b"\xe9");
        assert!(header_value("€").is_none());
        assert!(header_value("a\r\nb").is_none());
    }
}
