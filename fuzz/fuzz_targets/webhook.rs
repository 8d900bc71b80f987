//! No message without a valid signature is accepted; one with it is an event, or its body is at fault.
#![no_main]

use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use clerk_auth::{WebhookError, WebhookSecret};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const KEY: &[u8] = b"a signing secret of 24 b";

static SECRET: LazyLock<WebhookSecret> =
    LazyLock::new(|| WebhookSecret::parse(&STANDARD.encode(KEY)).unwrap());

fn headers(id: &[u8], timestamp: &[u8], signature: &[u8]) -> HeaderMap {
    let values = [
        ("svix-id", id),
        ("svix-timestamp", timestamp),
        ("svix-signature", signature),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    headers
}

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(4, |byte| *byte == b'\n');
    let [id, timestamp, signature, body] = [(); 4].map(|()| parts.next().unwrap_or_default());
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
        .to_string();
    for timestamp in [timestamp, now.as_bytes()] {
        assert!(SECRET.verify(&headers(id, timestamp, signature), body).is_err());
    }

    let message = [format!("msg_1.{now}.").as_bytes(), body].concat();
    let valid = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, KEY), &message);
    let signature = [signature, b" v1,", STANDARD.encode(valid).as_bytes()].concat();
    let headers = headers(b"msg_1", now.as_bytes(), &signature);
    match SECRET.verify(&headers, body) {
        Ok(event) => {
            // Fields that are not read may be no valid Unicode, and serde also reads a sequence of the fields.
            let json: Option<Value> = serde_json::from_slice(body).ok();
            assert!(json.is_none_or(|json| json.is_array() || json["type"] == event.event_type));
        }
        Err(WebhookError::Body(_)) => {}
        // The given signature was no header value.
        Err(WebhookError::MissingHeader("svix-signature")) => {}
        Err(error) => panic!("{error}"),
    }
});
