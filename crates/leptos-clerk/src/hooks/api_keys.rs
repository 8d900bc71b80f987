//! `use_api_keys`.

use std::fmt;

use leptos::prelude::*;
use serde_json::Value;

use super::{
    fetched::{ClerkPaginatedResponse, Fetched, Request, fetched, identity, page},
    read::{flag, number, required, text, texts},
};
use crate::{
    clerk_api_error::ClerkApiError,
    clerk_js::{Path, invoke_and_read},
    json::Json,
    params::params,
    props::Props,
    store::use_clerk,
};

const API_KEYS: Path = &["apiKeys"];

/// An API key of the user or organization.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiKey {
    /// The ID.
    pub id: String,
    /// The name.
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// Whose it is: the ID of a user or organization.
    pub subject: String,
    /// The scopes.
    pub scopes: Vec<String>,
    /// Whether it was revoked.
    pub revoked: bool,
    /// Whether it has expired.
    pub expired: bool,
    /// When it expires, in milliseconds since 1970.
    pub expiration: Option<i64>,
    /// When it was last used, in milliseconds since 1970.
    pub last_used_at: Option<i64>,
    /// When it was made, in milliseconds since 1970.
    pub created_at: Option<i64>,
    /// The key itself, for a key that was just [created](UseApiKeys::create), and never again.
    pub secret: Option<String>,
}

impl ApiKey {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            name: required(value, "name"),
            description: text(value, "description"),
            subject: required(value, "subject"),
            scopes: texts(value, "scopes"),
            revoked: flag(value, "revoked"),
            expired: flag(value, "expired"),
            expiration: number(value, "expiration"),
            last_used_at: number(value, "lastUsedAt"),
            created_at: number(value, "createdAt"),
            secret: text(value, "secret"),
        }
    }
}

impl fmt::Debug for ApiKey {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

params! {
    /// An API key to [create](UseApiKeys::create).
    ///
    /// ```
    /// use leptos_clerk::CreateApiKeyParams;
    ///
    /// let params = CreateApiKeyParams::new().name("Deployment").seconds_until_expiration(86_400);
    /// ```
    CreateApiKeyParams
}

impl CreateApiKeyParams {
    /// The name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0.text("name", Some(name.into()));
        self
    }

    /// The description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.0.text("description", Some(description.into()));
        self
    }

    /// Whose it is, instead of the active organization's or else the user's: the ID of a user or organization.
    pub fn subject(mut self, id: impl Into<String>) -> Self {
        self.0.text("subject", Some(id.into()));
        self
    }

    /// How long it lasts; without this, until it is revoked.
    pub fn seconds_until_expiration(mut self, seconds: u32) -> Self {
        self.0.number("secondsUntilExpiration", Some(seconds));
        self
    }
}

/// API keys, see [`use_api_keys`]. Copy it freely.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct UseApiKeys {
    /// The keys.
    pub keys: Fetched<ClerkPaginatedResponse<ApiKey>>,
}

/// The API keys of the active organization, or else of the user, instead of [`APIKeys`](fn@crate::APIKeys). `params` are those of clerk-js's
/// `getAll`, such as `{"pageSize":20,"query":"deploy"}`.
///
/// On the server it is loading.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ApiKey, CreateApiKeyParams, use_api_keys};
///
/// #[component]
/// fn Keys() -> impl IntoView {
///     let api_keys = use_api_keys("{}");
///     let create = Action::new(move |name: &String| api_keys.create(CreateApiKeyParams::new().name(name)));
///     let revoke = Action::new(move |id: &String| api_keys.revoke(id));
///     let row = move |key: ApiKey| {
///         let revoke = move |_| { revoke.dispatch(key.id.clone()); };
///         view! { <li>{key.name} <button on:click=revoke>"Revoke"</button></li> }
///     };
///     let secret = move || create.value().get()?.ok()?.secret;
///     view! {
///         <ul>{move || api_keys.keys.data().map(|keys| keys.data.into_iter().map(row).collect_view())}</ul>
///         <button on:click=move |_| { create.dispatch("Deployment".to_owned()); }>"Create"</button>
///         <output>{secret}</output>
///     }
/// }
/// ```
#[must_use]
pub fn use_api_keys(params: impl Into<Json>) -> UseApiKeys {
    let clerk = use_clerk();
    let identity = identity(clerk);
    let params = params.into();
    let request = move || {
        identity.with(|(user, _)| user.is_some()).then(|| Request {
            path: API_KEYS,
            method: "getAll",
            argument: Props::new(params.clone(), Json::default()).into(),
        })
    };
    UseApiKeys {
        keys: fetched(clerk, request, |value| page(value, ApiKey::from_json)),
    }
}

impl UseApiKeys {
    /// Creates a key, whose secret is only in what this returns.
    ///
    /// # Errors
    ///
    /// The visitor may not, or the name is refused.
    pub fn create(
        self,
        params: CreateApiKeyParams,
    ) -> impl Future<Output = Result<ApiKey, ClerkApiError>> + Send + use<> {
        self.change("create", params.0)
    }

    /// Revokes a key.
    ///
    /// # Errors
    ///
    /// The visitor may not, or there is no such key.
    pub fn revoke(self, id: &str) -> impl Future<Output = Result<ApiKey, ClerkApiError>> + Send + use<> {
        let mut props = Props::default();
        props.text("apiKeyID", Some(id.to_owned()));
        self.change("revoke", props)
    }

    /// Changes the keys, and fetches them again.
    fn change(
        self,
        method: &'static str,
        props: Props,
    ) -> impl Future<Output = Result<ApiKey, ClerkApiError>> + Send + use<> {
        let answer = invoke_and_read(API_KEYS, method, props.into(), ApiKey::from_json);
        async move {
            let key = answer.await?;
            self.keys.revalidate();
            Ok(key)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_secret_of_a_key_is_read_but_not_shown_for_debugging() {
        let key = ApiKey::from_json(
            &json!({ "id": "ak_1", "name": "Deployment", "secret": "ak_secret", "revoked": true }),
        );
        assert_eq!(key.secret.as_deref(), Some("ak_secret"));
        assert!(key.revoked && !key.expired);
        assert!(!format!("{key:?}").contains("secret"));
    }
}
