//! Verification of webhooks, which are signed as specified by Standard Webhooks.

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

/// How many seconds a message may be old, or ahead of this machine's clock.
const TOLERANCE: i64 = 5 * 60;

/// The signing secret of a webhook endpoint, `whsec_…`. Never shown by `Debug`.
#[derive(Clone)]
pub struct WebhookSecret(Arc<hmac::Key>);

/// An event, such as the creation of a user.
#[cfg_attr(feature = "api", doc = "[`WebhookEvent::typed`] reads its data by its type.")]
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// The ID of the message, `msg_…`: that of the header `svix-id`, the same each time the event is delivered. Empty if
    /// the event was not read from a message.
    #[serde(skip)]
    pub id: String,
    /// The type of the event, such as `user.created`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The resource as the Backend API returns it. For a deleted resource, only `id`, `object` and `deleted`.
    pub data: Value,
    /// What caused the event.
    #[serde(default)]
    pub event_attributes: EventAttributes,
    /// When the event occurred, in milliseconds since the Unix epoch.
    #[serde(default)]
    pub timestamp: i64,
    /// The ID of the instance, `ins_…`.
    #[serde(default)]
    pub instance_id: String,
}

/// What caused an event.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct EventAttributes {
    /// The request that caused the event.
    pub http_request: HttpRequest,
}

/// The request that caused an event. The fields are empty if there was none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct HttpRequest {
    /// The address of the client.
    pub client_ip: String,
    /// The `User-Agent` header of the client.
    pub user_agent: String,
}

/// Why a webhook was rejected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// No signing secret is configured.
    #[error("CLERK_WEBHOOK_SIGNING_SECRET is not set")]
    NotConfigured,
    /// A header of the signature is missing or empty.
    #[error("the header {0} is missing")]
    MissingHeader(&'static str),
    /// `svix-timestamp` is not a number.
    #[error("svix-timestamp is not a number of seconds")]
    MalformedTimestamp,
    /// The message is older than five minutes.
    #[error("the message is older than five minutes")]
    TooOld,
    /// The message is more than five minutes in the future.
    #[error("the message is more than five minutes ahead of this machine's clock")]
    TooNew,
    /// None of the signatures is valid.
    #[error("no signature was made with the signing secret")]
    Signature,
    /// The signature is valid, but the body is not an event.
    #[error("the body is not an event: {0}")]
    Body(#[from] serde_json::Error),
}

/// Text that is not a signing secret: base64, with or without the prefix `whsec_`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a webhook signing secret")]
pub struct MalformedSecret;

impl WebhookSecret {
    /// Parses a secret as shown in the Clerk Dashboard.
    ///
    /// # Errors
    ///
    /// The text is not a signing secret.
    pub fn parse(secret: &str) -> Result<Self, MalformedSecret> {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret));
        match key {
            Ok(key) if !key.is_empty() => Ok(Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &key)))),
            _ => Err(MalformedSecret),
        }
    }

    /// Verifies a webhook by its headers and its body exactly as it was received, see
    /// [`Clerk::verify_webhook`](crate::Clerk::verify_webhook).
    ///
    /// # Errors
    ///
    /// The signature is not valid, the message is too old or too far in the future, or the body is not an
    /// event.
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
        // There are several signatures while a secret is being rotated.
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
        let event: WebhookEvent = serde_json::from_slice(body)?;
        Ok(WebhookEvent {
            id: id.to_owned(),
            ..event
        })
    }
}

impl fmt::Debug for WebhookEvent {
    /// Omits the data, which may contain a code that signs somebody in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEvent")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .field("timestamp", &self.timestamp)
            .field("instance_id", &self.instance_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for WebhookSecret {
    /// Omits the secret.
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
    /// Made by the official package for `BODY` at `NOW` with the ID `msg_p5jXN8AQM9LWM0D4loKWxJek`.
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
    fn a_signed_message_is_accepted() {
        let now = NOW.to_string();
        let event = verify(&now, SIGNATURE, BODY).unwrap();
        assert_eq!(
            (event.event_type.as_str(), &event.data["id"]),
            ("user.deleted", &"user_1".into())
        );
        assert_eq!(event.id, "msg_p5jXN8AQM9LWM0D4loKWxJek");
        // Among signatures of other versions and secrets.
        verify(&now, &format!("v1a,x v1,bad v1 {SIGNATURE}"), BODY).unwrap();
    }

    #[test]
    fn each_kind_of_rejection_has_its_own_error() {
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
        // Within the tolerance, but not the signed time.
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
