//! The server half of Clerk.
use std::{marker::PhantomData, time::Duration};

use http::{HeaderMap, Method, Uri};
use secrecy::SecretString;
use url::Url;

use crate::auth::{Auth, User};

/// What one Clerk instance needs.
#[derive(Clone, Debug)]
pub struct Options {
    pub publishable_key: String,
    pub secret_key: SecretString,
    pub jwt_key: Option<String>,
    pub api_url: Url,
    pub api_version: String,
    /// Absolute URL or a path.
    pub proxy_url: Option<String>,
    /// Where the Frontend API proxy forwards to.
    pub fapi_url: Option<Url>,
    pub domain: Option<String>,
    pub is_satellite: bool,
    pub satellite_auto_sync: bool,
    pub sign_in_url: Option<String>,
    pub sign_up_url: Option<String>,
    pub authorized_parties: Vec<String>,
    pub issuers: Vec<String>,
    pub organization_patterns: Vec<String>,
    pub personal_account_patterns: Vec<String>,
    pub clock_skew: Duration,
}

/// A configuration mistake, naming the variable, what is wrong and where to get it right.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {}

/// One Clerk instance. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Clerk {}

/// What authentication reads of a request.
#[derive(Clone, Copy, Debug)]
pub struct RequestView<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    SignedIn,
    SignedOut,
    Handshake,
}

#[derive(Debug)]
pub struct RequestState {
    pub status: Status,
    /// Clerk's reason code; none when signed in.
    pub reason: Option<String>,
    pub message: Option<String>,
    /// To be appended to the response; with `Location` among them the answer is a 307.
    pub headers: HeaderMap,
    pub auth: Auth,
    /// The public URL of the request.
    pub clerk_url: Url,
}

#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {}

#[derive(Debug, thiserror::Error)]
pub enum ApiError {}

/// The Backend API client.
#[derive(Debug)]
pub struct BackendApi<'a>(PhantomData<&'a ()>);

impl Clerk {
    pub fn new(_options: Options) -> Result<Self, OptionsError> {
        Ok(Self {})
    }
    /// Decides who is asking.
    pub async fn authenticate(&self, _request: RequestView<'_>) -> Result<RequestState, AuthenticateError> {
        std::future::pending().await
    }
    pub fn backend_api(&self) -> BackendApi<'_> {
        BackendApi(PhantomData)
    }
}

impl BackendApi<'_> {
    pub async fn get_user(&self, _user_id: &str) -> Result<User, ApiError> {
        std::future::pending().await
    }
    /// Are the signing keys reachable?
    pub async fn check_keys(&self) -> Result<(), ApiError> {
        Ok(())
    }
}
