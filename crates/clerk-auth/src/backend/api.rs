//! The [Backend API](https://clerk.com/docs/reference/backend-api): the client, its calls and what they return.
//!
//! The calls have the names of `@clerk/backend`, by resource: [`users`](BackendApi::users),
//! [`organizations`](BackendApi::organizations), [`billing`](BackendApi::billing) and so on.
//!
//! ```no_run
//! use clerk_auth::{
//!     Clerk,
//!     api::{ApiError, ListUsers, UpdateUser},
//! };
//!
//! # async fn example(clerk: &Clerk) -> Result<(), ApiError> {
//! let page = clerk.api().users().list(&ListUsers { query: Some("ada".to_owned()), ..ListUsers::default() }).await?;
//! for user in &page.data {
//!     println!("{} of {}: {:?}", user.id, page.total_count, user.primary_email_address());
//!     let change = UpdateUser { last_name: "Lovelace".into(), ..UpdateUser::default() };
//!     clerk.api().users().update(&user.id, &change).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - Calls that may be repeated without harm (`GET`, `PUT` and `DELETE`) are tried up to three times if the API does not
//!   answer, or answers 429 or a server error; `Retry-After` is respected. See [`ApiRequest::retries`].
//! - Replies of a later version of the API are read all the same: unknown fields are ignored, unknown values of enums
//!   kept as `Other`, and what is missing or `null` is the default.
//! - Whatever has no method of its own is reached by [`BackendApi::request`].
//! - `Debug` shows no secrets: they are [`SecretString`]s, read by [`ExposeSecret`].

mod client;
mod error;
#[cfg(feature = "api")]
mod generated;
#[cfg(feature = "metrics")]
mod metrics;
#[cfg(feature = "api")]
mod nullable;
#[cfg(feature = "api")]
mod open_enum;
#[cfg(feature = "api")]
mod page;
#[cfg(feature = "api")]
mod prelude;
mod refresh_request;
#[cfg(feature = "api")]
mod request;
#[cfg(feature = "api")]
mod user;

pub(crate) use client::API_VERSION;
pub use client::BackendApi;
pub(crate) use client::VerifiedToken;
pub use error::{ApiError, ApiErrorDetail};
#[cfg(feature = "api")]
pub use generated::{requests::*, resources::*, types::*};
#[cfg(feature = "api")]
pub use nullable::Nullable;
#[cfg(feature = "api")]
pub use page::Page;
pub(crate) use refresh_request::RefreshRequest;
#[cfg(feature = "api")]
pub use request::ApiRequest;
#[cfg(feature = "api")]
pub use secrecy::{ExposeSecret, SecretString};

/// Metadata or claims: a JSON object.
#[cfg(feature = "api")]
pub type Metadata = serde_json::Map<String, serde_json::Value>;
