//! Requests to the Backend API, and when they are repeated.

use std::time::Duration;

use http::{HeaderValue, Method, header};
use secrecy::SecretString;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::time::sleep;
use url::Url;

use super::{client::BackendApi, error::ApiError};

/// How long one attempt of a request may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
/// How often a request is repeated that may be.
const RETRIES: u32 = 2;
/// The longest wait for another attempt. If the API asks for more, its error is the caller's.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// The longest wait before the first repetition if the API does not say; it doubles from then on.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// A request to the Backend API, see [`BackendApi::request`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct ApiRequest<'a> {
    api: &'a BackendApi,
    method: Method,
    url: Result<Url, ApiError>,
    body: Option<Body>,
    timeout: Duration,
    retries: u32,
}

struct Body {
    content_type: HeaderValue,
    bytes: Vec<u8>,
}

impl BackendApi {
    /// Prepares any request to the API, for what has no method of its own. Each element of `path` is one segment,
    /// escaped, so that an ID cannot lead elsewhere.
    ///
    /// ```no_run
    /// use clerk_auth::{Clerk, api::ApiError};
    /// use http::Method;
    /// use serde_json::{Value, json};
    ///
    /// # async fn example(clerk: &Clerk, user_id: &str) -> Result<(), ApiError> {
    /// let roles: Value = clerk.api().request(Method::GET, &["organization_roles"]).query(&[("limit", 20)]).send().await?;
    /// println!("{} roles", roles["total_count"]);
    ///
    /// let restrictions = clerk.api().request(Method::PATCH, &["instance", "restrictions"]);
    /// let _: Value = restrictions.json(&json!({ "allowlist": true })).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: &[&str]) -> ApiRequest<'_> {
        let is_idempotent = matches!(method, Method::GET | Method::HEAD | Method::PUT | Method::DELETE);
        ApiRequest {
            api: self,
            method,
            url: self.url(path),
            body: None,
            timeout: self.timeout,
            retries: if is_idempotent { RETRIES } else { 0 },
        }
    }

    /// The same client, authenticated by another key, such as the secret key of a machine (`ak_…`), with which it
    /// creates M2M tokens. Shares its connections with this one.
    ///
    /// ```no_run
    /// use clerk_auth::{Clerk, api::{ApiError, CreateM2mToken, M2mToken}};
    ///
    /// # async fn example(clerk: &Clerk, machine_secret_key: &str) -> Result<M2mToken, ApiError> {
    /// let machine = clerk.api().with_secret_key(machine_secret_key);
    /// machine.m2m_tokens().create(&CreateM2mToken::default()).await
    /// # }
    /// ```
    #[must_use]
    pub fn with_secret_key(&self, secret_key: impl Into<SecretString>) -> Self {
        Self {
            secret_key: secret_key.into(),
            ..self.clone()
        }
    }

    /// The same client with another timeout for each attempt of a call. Without this, it is ten seconds. Does not concern
    /// the calls that authenticate requests.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self {
            timeout,
            ..self.clone()
        }
    }
}

impl ApiRequest<'_> {
    /// Adds the fields of a struct, a map or a list of pairs to the query. A list of values becomes several fields of one
    /// name; what is `None` is left out.
    pub fn query(mut self, parameters: &(impl Serialize + ?Sized)) -> Self {
        self.url = self.url.and_then(|mut url| {
            let parameters = serde_json::to_value(parameters).map_err(ApiError::Parameters)?;
            append(&mut url, parameters)?;
            Ok(url)
        });
        self
    }

    /// Sends this as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.body(HeaderValue::from_static("application/json"), bytes),
            Err(error) => {
                self.url = self.url.and(Err(ApiError::Parameters(error)));
                self
            }
        }
    }

    /// Sends a body of another type, such as the form that uploads an image.
    pub fn body(mut self, content_type: HeaderValue, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        self.body = Some(Body { content_type, bytes });
        self
    }

    /// How long each attempt may take. Without this, ten seconds, or what [`BackendApi::with_timeout`] has set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often to try again if the API does not answer, or answers 429 or a server error. Without this, twice for `GET`,
    /// `PUT` and `DELETE` (a `DELETE` that is repeated may find nothing left to delete, and fail with 404), and never for
    /// `POST` and `PATCH`, which could take effect twice.
    ///
    /// The wait is that of `Retry-After`, or else up to 0.2 seconds, doubled each time; a random part of it keeps clients
    /// from coming back all at once. A `Retry-After` of more than five seconds is not waited for: the error is returned,
    /// with [`ApiError::retry_after`].
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Sends the request and reads the response, such as one of the types of this module or a [`Value`]. A response
    /// without a body is read as `null`.
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        let body = self.fetch().await?;
        let text = match body.as_ref() {
            [] => b"null",
            text => text,
        };
        serde_json::from_slice(text).map_err(ApiError::Body)
    }

    async fn fetch(self) -> Result<impl AsRef<[u8]> + use<>, ApiError> {
        let url = self.url?;
        let mut repetition = 0;
        loop {
            let mut request = self
                .api
                .http
                .request(self.method.clone(), url.clone())
                .timeout(self.timeout);
            if let Some(body) = &self.body {
                request = request
                    .header(header::CONTENT_TYPE, &body.content_type)
                    .body(body.bytes.clone());
            }
            let result = self.api.fetch(request).await;
            let wait = match &result {
                Err(error) if repetition < self.retries => wait(error, repetition, random()),
                _ => None,
            };
            let Some(wait) = wait else {
                return result;
            };
            tracing::debug!(method = %self.method, path = url.path(), ?wait, "calling the Backend API again");
            sleep(wait).await;
            repetition += 1;
        }
    }
}

impl std::fmt::Debug for Body {
    /// Omits the bytes, which may contain a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}

/// How long to wait before the next attempt; `None` if it would not help. `random` is from 0 to 1.
fn wait(error: &ApiError, repetition: u32, random: f64) -> Option<Duration> {
    let asked = match error {
        ApiError::Fetch(error) if !error.is_builder() => None,
        ApiError::Status {
            status, retry_after, ..
        } if status.as_u16() == 429 || status.is_server_error() => *retry_after,
        _ => return None,
    };
    let backoff = FIRST_WAIT
        .saturating_mul(2_u32.saturating_pow(repetition))
        .min(MAX_WAIT);
    let spread = backoff.mul_f64(random);
    match asked {
        Some(asked) if asked > MAX_WAIT => None,
        Some(asked) => Some(asked + spread),
        None => Some(spread),
    }
}

/// A random number from 0 to 1. Without a source of randomness, the waits are the longest.
fn random() -> f64 {
    let mut byte = [u8::MAX];
    aws_lc_rs::rand::fill(&mut byte).map_or(1.0, |()| f64::from(byte[0]) / f64::from(u8::MAX))
}

fn append(url: &mut Url, parameters: Value) -> Result<(), ApiError> {
    let pairs: Vec<(String, Value)> = match parameters {
        Value::Object(fields) => fields.into_iter().collect(),
        other => serde_json::from_value(other).map_err(ApiError::Parameters)?,
    };
    for (name, value) in pairs {
        let values = match value {
            Value::Array(values) => values,
            value => vec![value],
        };
        for value in values.iter().filter(|value| !value.is_null()) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            url.query_pairs_mut().append_pair(&name, &text);
        }
    }
    Ok(())
}
