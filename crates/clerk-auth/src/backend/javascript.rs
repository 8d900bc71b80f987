//! JavaScript's coercions.
//!
//! The official package is written in JavaScript, and some of its decisions rest on how that language
//! converts and compares values. Every such conversion is here, so that the rest of the crate reads as plain
//! Rust.

use std::{borrow::Cow, cmp::Ordering};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// The format of `toUTCString()`: `Mon, 23 Nov 2026 05:24:29 GMT`.
const UTC_STRING: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// The range of `Date`, in milliseconds before and after the Unix epoch.
const MAX_DATE: f64 = 8.64e15;

/// The base64 of `atob` after whitespace and padding are removed: unused low bits are ignored.
const FORGIVING_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// `text || undefined`: an empty string is falsy.
pub(crate) fn truthy<T: AsRef<str>>(text: T) -> Option<T> {
    (!text.as_ref().is_empty()).then_some(text)
}

/// `Boolean(value)`, where `None` is `undefined`.
pub(crate) fn is_truthy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(_) => true,
    }
}

/// `Number(value)`, where `None` is `undefined`. No comparison with NaN holds.
pub(crate) fn to_number(value: Option<&Value>) -> f64 {
    match value {
        Some(Value::Number(number)) => number.as_f64().unwrap_or(f64::NAN),
        Some(Value::Null | Value::Bool(false)) => 0.0,
        Some(Value::Bool(true)) => 1.0,
        Some(Value::String(text)) => text_to_number(text),
        _ => f64::NAN,
    }
}

/// `(left || 0) > (right || 0)`: two strings are compared by their UTF-16 code units, anything else as
/// numbers.
pub(crate) fn is_greater(left: Option<&Value>, right: Option<&Value>) -> bool {
    let [left, right] = [left, right].map(|value| value.filter(|value| is_truthy(Some(value))));
    if let (Some(Value::String(left)), Some(Value::String(right))) = (left, right) {
        return left.encode_utf16().cmp(right.encode_utf16()) == Ordering::Greater;
    }
    let [left, right] = [left, right].map(|value| value.map_or(0.0, |value| to_number(Some(value))));
    left > right
}

/// `parseInt(text, 10) || 0`: the integer at the start of the text, saturated to 64 bits.
pub(crate) fn parse_int_or_zero(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    match &digits[..end] {
        "" => 0,
        digits => sign * digits.parse().unwrap_or(i64::MAX),
    }
}

/// `decodeURIComponent(text)`, which throws (`None`) at a `%` without two hexadecimal digits and at invalid
/// UTF-8.
pub(crate) fn decode_uri_component(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let is_escape = |at: usize| {
        text.as_bytes()
            .get(at + 1..at + 3)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.match_indices('%').all(|(at, _)| is_escape(at)) {
        return None;
    }
    percent_decode_str(text).decode_utf8().ok()
}

/// `new TextDecoder().decode(bytes)`: strips a byte order mark and replaces invalid UTF-8.
pub(crate) fn decode_text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}

/// `atob(text)`, the WHATWG "forgiving-base64 decode".
pub(crate) fn atob(text: &str) -> Option<Vec<u8>> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' '))
        .collect();
    let mut rest = text.as_str();
    if text.len().is_multiple_of(4) {
        rest = rest.strip_suffix('=').unwrap_or(rest);
        rest = rest.strip_suffix('=').unwrap_or(rest);
    }
    FORGIVING_BASE64.decode(rest).ok()
}

/// `JSON.stringify(value)` in a template literal, where `None` is `undefined`.
pub(crate) fn stringify(value: Option<&Value>) -> String {
    value.map_or_else(|| "undefined".to_owned(), Value::to_string)
}

/// `new Date(0).setUTCSeconds(seconds)`: the milliseconds of whole seconds, `None` for an invalid date, with
/// which no comparison holds.
pub(crate) fn date(seconds: f64) -> Option<i64> {
    let milliseconds = seconds.trunc() * 1000.0;
    (milliseconds.abs() <= MAX_DATE).then_some(milliseconds as i64)
}

/// `new Date(milliseconds).toUTCString()`.
pub(crate) fn to_utc_string(milliseconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(milliseconds.div_euclid(1000))
        .ok()
        .and_then(|date| date.format(UTC_STRING).ok())
        .unwrap_or_else(|| "Invalid Date".to_owned())
}

/// `Number(text)` of decimal text; hexadecimal, octal and binary literals count as NaN.
pub(crate) fn text_to_number(text: &str) -> f64 {
    match text.trim() {
        "" => 0.0,
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        // Rust also parses words such as `nan` and `inf`.
        text if text.contains(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E')) => f64::NAN,
        text => text.parse().unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn truthiness() {
        for value in [json!(null), json!(false), json!(0), json!("")] {
            assert!(!is_truthy(Some(&value)), "{value}");
        }
        for value in [json!(true), json!(-1), json!("0"), json!([]), json!({})] {
            assert!(is_truthy(Some(&value)), "{value}");
        }
        assert!(!is_truthy(None));
        assert_eq!(truthy(""), None);
        assert_eq!(truthy("0"), Some("0"));
    }

    #[test]
    fn numbers() {
        for (value, number) in [
            (json!(1.5), 1.5),
            (json!(null), 0.0),
            (json!(true), 1.0),
            (json!(" 7 "), 7.0),
            (json!("1e3"), 1000.0),
            (json!(""), 0.0),
            (json!("-Infinity"), f64::NEG_INFINITY),
        ] {
            assert_eq!(to_number(Some(&value)), number, "{value}");
        }
        for value in [
            json!("x"),
            json!("inf"),
            json!("nan"),
            json!("1x"),
            json!([1]),
            json!({}),
        ] {
            assert!(to_number(Some(&value)).is_nan(), "{value}");
        }
        assert!(to_number(None).is_nan());
    }

    #[test]
    fn parse_int_reads_the_leading_integer() {
        let cases = [
            ("12", 12),
            ("1abc", 1),
            ("-5", -5),
            ("abc", 0),
            ("", 0),
            (" 7", 7),
            ("-", 0),
        ];
        for (text, number) in cases {
            assert_eq!(parse_int_or_zero(text), number, "{text:?}");
        }
        assert_eq!(parse_int_or_zero("99999999999999999999"), i64::MAX);
    }

    #[test]
    fn strings_are_compared_as_strings_and_anything_else_as_numbers() {
        let greater = |left: Value, right: Value| is_greater(Some(&left), Some(&right));
        assert!(greater(json!(18), json!(17)));
        assert!(greater(json!("18"), json!(17)));
        assert!(greater(json!("yesterday"), json!("17")));
        assert!(greater(json!("9"), json!("17")));
        assert!(greater(json!(17), json!("")));
        assert!(!greater(json!("yesterday"), json!(17)));
        assert!(!greater(json!("17"), json!("yesterday")));
        assert!(!greater(json!(""), json!("17")));
        assert!(!greater(json!(17), json!(17)));
        assert!(is_greater(Some(&json!(1)), None));
    }

    #[test]
    fn decode_uri_component_refuses_malformed_escapes() {
        assert_eq!(decode_uri_component("a%20b").as_deref(), Some("a b"));
        assert_eq!(decode_uri_component("100%25").as_deref(), Some("100%"));
        for text in ["%", "%zz", "%ff"] {
            assert_eq!(decode_uri_component(text), None, "{text}");
        }
    }

    #[test]
    fn text_decoding_never_fails() {
        assert_eq!(decode_text(b"\xef\xbb\xbfa\xff"), "a\u{fffd}");
    }

    #[test]
    fn atob_is_forgiving() {
        for text in ["YWI=", "YWI", " Y W\nI ", "YWJ"] {
            assert_eq!(atob(text).as_deref(), Some(b"ab".as_slice()), "{text:?}");
        }
        for text in ["YWI==", "Y", "YW-_"] {
            assert_eq!(atob(text), None, "{text:?}");
        }
    }

    #[test]
    fn dates() {
        assert_eq!(to_utc_string(1_795_411_469_000), "Mon, 23 Nov 2026 05:24:29 GMT");
        assert_eq!(to_utc_string(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(date(1.9), Some(1000));
        assert_eq!(date(1e300), None);
    }
}
