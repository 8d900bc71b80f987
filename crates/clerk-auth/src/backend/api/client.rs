//! The Backend API client, authenticated with the secret key.

mod machine_tokens;
#[cfg(test)]
mod tests;

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use url::{Host, Url};

pub(crate) use self::machine_tokens::VerifiedToken;

use super::{
    error::{ApiError, ApiErrorDetail},
    refresh_request::RefreshRequest,
};
use crate::{
    backend::{config::Options, token::Jwk},
    user::User,
};

/// The version of the Backend and Frontend API that this crate is written for.
pub(crate) const API_VERSION: &str = "2026-05-12";
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
/// The timeout of a whole call. Requests wait for it, so it is short.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The client of Clerk's Backend API, see [`Clerk::api`](crate::Clerk::api). Cheap to clone.
#[derive(Clone, Debug)]
pub struct BackendApi {
    pub(super) http: Client,
    pub(super) base: Url,
    pub(super) secret_key: SecretString,
    #[cfg(feature = "api")]
    pub(super) timeout: Duration,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Errors {
    errors: Vec<ApiErrorDetail>,
    clerk_trace_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UserBody {
    id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    image_url: Option<String>,
    primary_email_address_id: Option<String>,
    email_addresses: Vec<EmailAddressBody>,
    public_metadata: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct EmailAddressBody {
    id: String,
    email_address: String,
}

#[derive(Deserialize)]
struct JwksBody {
    #[serde(default)]
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct CookiesBody {
    #[serde(default)]
    cookies: Vec<String>,
}

#[derive(Deserialize)]
struct DirectivesBody {
    #[serde(default)]
    directives: Vec<String>,
}

impl BackendApi {
    pub(crate) fn new(options: &Options) -> Result<Self, reqwest::Error> {
        let mut headers = HeaderMap::new();
        headers.insert("clerk-api-version", HeaderValue::from_static(API_VERSION));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut http = Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(headers)
            .timeout(TIMEOUT)
            // The secret key must not follow a redirect to another host.
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(&options.api_url) {
            // A proxy named by HTTP_PROXY could not reach this machine's loopback interface.
            http = http.no_proxy();
        }
        let mut base = options.api_url.clone();
        base.set_query(None);
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().push(&options.api_version);
        }
        Ok(Self {
            http: http.build()?,
            base,
            secret_key: options.secret_key.clone(),
            #[cfg(feature = "api")]
            timeout: super::request::TIMEOUT,
        })
    }

    /// Fetches the user with this ID.
    ///
    /// # Errors
    ///
    /// The API could not be reached, or responded with an error such as 404 for an unknown ID.
    pub async fn get_user(&self, user_id: &str) -> Result<User, ApiError> {
        let user: UserBody = self.send(self.http.get(self.url(&["users", user_id])?)).await?;
        let is_primary =
            |address: &EmailAddressBody| Some(&address.id) == user.primary_email_address_id.as_ref();
        let email_address = user.email_addresses.iter().find(|address| is_primary(address));
        Ok(User {
            email_address: email_address.map(|address| address.email_address.clone()),
            id: user.id,
            first_name: user.first_name,
            last_name: user.last_name,
            username: user.username,
            image_url: user.image_url,
            public_metadata: user.public_metadata.unwrap_or_default(),
        })
    }

    pub(crate) async fn jwks(&self) -> Result<Vec<Jwk>, ApiError> {
        let body: JwksBody = self.send(self.http.get(self.url(&["jwks"])?)).await?;
        #[cfg(feature = "metrics")]
        super::metrics::keys_fetched();
        Ok(body.keys)
    }

    pub(crate) async fn refresh_session(
        &self,
        session_id: &str,
        request: &RefreshRequest<'_>,
    ) -> Result<Vec<String>, ApiError> {
        let mut url = self.url(&["sessions", session_id, "refresh"])?;
        if request.suffixed_cookies {
            url.set_query(Some("suffixed_cookies=true"));
        }
        let body: CookiesBody = self.send(self.http.post(url).json(request)).await?;
        Ok(body.cookies)
    }

    pub(crate) async fn handshake_payload(&self, nonce: &str) -> Result<Vec<String>, ApiError> {
        let mut url = self.url(&["clients", "handshake_payload"])?;
        url.query_pairs_mut().append_pair("nonce", nonce);
        let body: DirectivesBody = self.send(self.http.get(url)).await?;
        Ok(body.directives)
    }

    pub(super) fn url(&self, segments: &[&str]) -> Result<Url, ApiError> {
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(ApiError::Path);
        }
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| ApiError::Path)?
            .extend(segments);
        Ok(url)
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ApiError> {
        self.send_as(request, &self.secret_key).await
    }

    async fn send_as<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        secret_key: &SecretString,
    ) -> Result<T, ApiError> {
        let body = self.fetch_as(request, secret_key).await?;
        serde_json::from_slice(body.as_ref()).map_err(ApiError::Body)
    }

    /// Returns the body of a successful response.
    #[cfg(feature = "api")]
    pub(super) async fn fetch(&self, request: RequestBuilder) -> Result<impl AsRef<[u8]> + use<>, ApiError> {
        self.fetch_as(request, &self.secret_key).await
    }

    async fn fetch_as(
        &self,
        request: RequestBuilder,
        secret_key: &SecretString,
    ) -> Result<impl AsRef<[u8]> + use<>, ApiError> {
        #[cfg(feature = "metrics")]
        let start = std::time::Instant::now();
        let result = self.exchange(request, secret_key).await;
        #[cfg(feature = "metrics")]
        super::metrics::count_call(&result, start.elapsed());
        result
    }

    async fn exchange(
        &self,
        request: RequestBuilder,
        secret_key: &SecretString,
    ) -> Result<impl AsRef<[u8]> + use<>, ApiError> {
        // The URL may contain a nonce, which grants access to a session.
        let fetch_error = |error: reqwest::Error| ApiError::Fetch(error.without_url());
        let request = request.bearer_auth(secret_key.expose_secret());
        let response = request.send().await.map_err(fetch_error)?;
        let status = response.status();
        if status.is_success() {
            return response.bytes().await.map_err(fetch_error);
        }
        let retry_after = retry_after(response.headers());
        let ray = response
            .headers()
            .get("cf-ray")
            .and_then(|ray| ray.to_str().ok())
            .map(str::to_owned);
        let body: Errors = response.json().await.unwrap_or_default();
        let first = body.errors.first();
        Err(ApiError::Status {
            status,
            code: first.and_then(|error| error.code.clone()),
            message: first.and_then(|error| error.message.clone()),
            retry_after,
            errors: body.errors,
            trace_id: body.clerk_trace_id.or(ray),
        })
    }
}

/// The time of a `Retry-After` header. A date is ignored, as by Clerk's own client.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// Whether the address is on this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
