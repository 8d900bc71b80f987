//! What the generated files use.

pub(super) use http::Method;
pub(super) use secrecy::{ExposeSecret, SecretString};
pub(super) use serde::{Deserialize, Serialize};
pub(super) use serde_json::{Value, json};

pub(super) use super::{
    Metadata,
    client::BackendApi,
    error::ApiError,
    generated::{requests::*, types::*},
    nullable::Nullable,
    open_enum::open_enum,
    page::Page,
};

use serde::{Deserializer, Serializer};

/// Makes a list come with its total, as it does for the official SDKs.
pub(super) const PAGINATED: &[(&str, bool)] = &[("paginated", true)];

/// Reads a null as the default.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Sends a secret to Clerk, if there is one.
pub(super) fn expose_some<S: Serializer>(
    secret: &Option<SecretString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    secret
        .as_ref()
        .map(ExposeSecret::expose_secret)
        .serialize(serializer)
}

/// Sends secrets to Clerk.
pub(super) fn expose_all<S: Serializer>(secrets: &[SecretString], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(secrets.iter().map(ExposeSecret::expose_secret))
}
