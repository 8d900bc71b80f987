//! Webhooks: what Clerk tells the app of its own accord, signed by the rules of Standard Webhooks.

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

/// Seconds that a message may be old, or ahead of this machine's clock.
const TOLERANCE: i64 = 5 * 60;

/// The signing secret of a webhook endpoint, `whsec_…`.
#[derive(Clone)]
pub struct WebhookSecret(Arc<hmac::Key>);

/// What has happened at Clerk.
#[derive(Clone, Debug, Deserialize)]
pub struct WebhookEvent {
    /// Such as `user.created`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The resource, as the Backend API writes it; `id`, `object` and `deleted` of one that is gone.
    pub data: Value,
    #[serde(default)]
    pub event_attributes: EventAttributes,
    /// Milliseconds since 1970.
    #[serde(default)]
    pub timestamp: i64,
    #[serde(default)]
    pub instance_id: String,
}

/// What brought the event about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EventAttributes {
    pub http_request: HttpRequest,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HttpRequest {
    pub client_ip: String,
    pub user_agent: String,
}

/// Why a message is not believed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    #[error("CLERK_WEBHOOK_SIGNING_SECRET is not set")]
    NotConfigured,
    #[error("the header {0} is missing")]
    MissingHeader(&'static str),
    #[error("svix-timestamp is not a number of seconds")]
    MalformedTimestamp,
    #[error("the message is older than five minutes")]
    TooOld,
    #[error("the message is more than five minutes ahead of this machine's clock")]
    TooNew,
    #[error("no signature is by the signing secret")]
    Signature,
    #[error("the body is not an event: {0}")]
    Body(#[from] serde_json::Error),
}

/// The signing secret is not base64, with or without `whsec_` before it, or empty.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a webhook signing secret")]
pub struct MalformedSecret;

impl WebhookSecret {
    /// Reads a secret as the Dashboard shows it.
    ///
    /// # Errors
    /// It is not one.
    pub fn parse(secret: &str) -> Result<Self, MalformedSecret> {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret));
        match key {
            Ok(key) if !key.is_empty() => Ok(Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &key)))),
            _ => Err(MalformedSecret),
        }
    }

    /// Believes a message: its headers, and its body exactly as it came.
    ///
    /// A message may come more than once, with the same `svix-id`.
    ///
    /// # Errors
    /// It is not by Clerk, too old or too new, or not an event.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookEvent, WebhookError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.verify_at(headers, body, i64::try_from(now.as_secs()).unwrap_or(i64::MAX))
    }

    fn verify_at(&self, headers: &HeaderMap, body: &[u8], now: i64) -> Result<WebhookEvent, WebhookError> {
        let text = |name| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value
                .map(str::trim)
                .filter(|value| !value.is_empty())
                .ok_or(WebhookError::MissingHeader(name))
        };
        let (id, timestamp, signatures) =
            (text("svix-id")?, text("svix-timestamp")?, text("svix-signature")?);
        let timestamp: i64 = timestamp.parse().map_err(|_| WebhookError::MalformedTimestamp)?;
        if timestamp < now - TOLERANCE {
            return Err(WebhookError::TooOld);
        }
        if timestamp > now + TOLERANCE {
            return Err(WebhookError::TooNew);
        }
        let mut expected = hmac::Context::with_key(&self.0);
        expected.update(format!("{id}.{timestamp}.").as_bytes());
        expected.update(body);
        let expected = STANDARD.encode(expected.sign());
        // There are several while a secret is being replaced.
        let is_signed = signatures.split(' ').any(|signature| {
            let mut parts = signature.split(',');
            parts.next() == Some("v1")
                && parts.next().is_some_and(|given| {
                    constant_time::verify_slices_are_equal(given.as_bytes(), expected.as_bytes()).is_ok()
                })
        });
        if !is_signed {
            return Err(WebhookError::Signature);
        }
        Ok(serde_json::from_slice(body)?)
    }
}

/// Without the secret.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const NOW: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"type":"user.deleted","data":{"id":"user_1","deleted":true}}"#;
    /// By the official package, of `BODY` at `NOW` under the id `msg_p5jXN8AQM9LWM0D4loKWxJek`.
    const SIGNATURE: &str = "v1,PHXaqnC46b6m51t7du6G/4u/4WIgkrv/UX5gOwCN4FI=";

    fn verify(timestamp: &str, signature: &str, body: &[u8]) -> Result<WebhookEvent, WebhookError> {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("svix-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("svix-timestamp", timestamp),
            ("svix-signature", signature),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        WebhookSecret::parse(SECRET)
            .unwrap()
            .verify_at(&headers, body, NOW)
    }

    #[test]
    fn a_signed_message_is_an_event() {
        let now = NOW.to_string();
        let event = verify(&now, SIGNATURE, BODY).unwrap();
        assert_eq!(
            (event.event_type.as_str(), &event.data["id"]),
            ("user.deleted", &"user_1".into())
        );
        // Amid others, of other versions and secrets.
        verify(&now, &format!("v1a,x v1,bad v1 {SIGNATURE}"), BODY).unwrap();
    }

    #[test]
    fn each_doubt_has_an_error_of_its_own() {
        let now = NOW.to_string();
        let of = |result: Result<WebhookEvent, WebhookError>| result.unwrap_err();
        assert!(matches!(
            of(verify("", SIGNATURE, BODY)),
            WebhookError::MissingHeader("svix-timestamp")
        ));
        assert!(matches!(
            of(verify("soon", SIGNATURE, BODY)),
            WebhookError::MalformedTimestamp
        ));
        assert!(matches!(
            of(verify(&(NOW - 301).to_string(), SIGNATURE, BODY)),
            WebhookError::TooOld
        ));
        assert!(matches!(
            of(verify(&(NOW + 301).to_string(), SIGNATURE, BODY)),
            WebhookError::TooNew
        ));
        // Within the tolerance, but not the time that was signed.
        assert!(matches!(
            of(verify(&(NOW - 300).to_string(), SIGNATURE, BODY)),
            WebhookError::Signature
        ));
        assert!(matches!(
            of(verify(&now, SIGNATURE, b"{}")),
            WebhookError::Signature
        ));
        assert!(matches!(
            of(verify(&now, &SIGNATURE.replace("v1", "v2"), BODY)),
            WebhookError::Signature
        ));
        assert!(matches!(
            of(verify(
                &now,
                "v1,aZgkZHxTDvZJsDWtN4dfyyZWkpgTgg60bdob9DOG8Mc=",
                b"{}"
            )),
            WebhookError::Body(_)
        ));
    }

    #[test]
    fn secrets_are_base64() {
        assert!(WebhookSecret::parse(SECRET.trim_start_matches("whsec_")).is_ok());
        for bad in ["", "whsec_", "whsec_ä", "whsec_abc"] {
            assert!(WebhookSecret::parse(bad).is_err(), "{bad}");
        }
    }
}
