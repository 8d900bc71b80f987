//! The Backend API: the client, its errors and the bodies it sends.

mod client;
mod error;
mod refresh_request;

pub(crate) use client::API_VERSION;
pub use client::BackendApi;
pub use error::ApiError;
pub(crate) use refresh_request::RefreshRequest;
