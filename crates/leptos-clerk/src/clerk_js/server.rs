//! The server has no `window.Clerk`.

use std::future::{Ready, ready};

use clerk_auth::ReverificationLevel;
use leptos::prelude::RwSignal;
use serde_json::Value;

use super::{Argument, Path, Verification};
use crate::{clerk_api_error::ClerkApiError, props::Props};

pub(crate) fn sign_out(_options: &Props) {}

pub(crate) fn get_token(
    _options: &Props,
) -> impl Future<Output = Result<Option<String>, ClerkApiError>> + Send + use<> {
    ready(Err(ClerkApiError::not_loaded()))
}

pub(crate) fn invoke(
    _path: Path,
    _method: &str,
    argument: Argument,
) -> impl Future<Output = Result<Value, ClerkApiError>> + Send + use<> {
    drop(argument);
    ready(Err(ClerkApiError::not_loaded()))
}

pub(crate) fn invoke_checkout(
    _options: &Props,
    _method: &'static str,
    argument: Argument,
) -> impl Future<Output = Result<Value, ClerkApiError>> + Send + use<> {
    drop(argument);
    ready(Err(ClerkApiError::not_loaded()))
}

/// There is none.
pub(crate) enum EmailLinkFlow {}

pub(crate) fn start_email_link_flow(
    _path: Path,
    _id: Option<&str>,
    _params: &Props,
) -> Result<
    (
        EmailLinkFlow,
        impl Future<Output = Result<Value, ClerkApiError>> + Send + use<>,
    ),
    ClerkApiError,
> {
    Err::<(_, Ready<_>), _>(ClerkApiError::not_loaded())
}

pub(crate) fn reverify(_level: ReverificationLevel) -> impl Future<Output = Verification> + Send + use<> {
    ready(Verification::NotStarted)
}

pub(crate) fn set_appearance(_appearance: &crate::Json) {}

pub(crate) fn set_localization(_localization: crate::Localization) {}

pub(crate) fn open(_method: &str, _props: &Props) -> bool {
    false
}

pub(crate) const fn organizations_enabled() -> bool {
    false
}

pub(crate) const fn follow_degraded(_is_degraded: RwSignal<bool>) {}
