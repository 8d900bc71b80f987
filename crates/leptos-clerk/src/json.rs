use std::{borrow::Cow, fmt, sync::Arc};

/// JSON that is passed to clerk-js as it is: an appearance, or properties that have no typed prop.
///
/// Props of this type take a string, such as the contents of a file, or a [`serde_json::Value`]. What is not valid
/// JSON is reported in the browser's console and otherwise ignored.
///
/// ```
/// use leptos_clerk::Json;
/// use serde_json::json;
///
/// let from_text = Json::from(r#"{"theme":"simple"}"#);
/// let from_value = Json::from(json!({"theme": "simple"}));
/// assert_eq!(from_text, from_value);
/// ```
#[derive(Clone)]
pub struct Json(Source);

#[derive(Clone)]
enum Source {
    Text(Cow<'static, str>),
    Reactive(Arc<dyn Fn() -> Json + Send + Sync>),
}

impl Json {
    /// JSON that follows the signals that the function reads: Clerk's component is told of each change, and keeps its
    /// state. Options of `Clerk.load` are read once.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::{Json, UserButton};
    ///
    /// #[component]
    /// fn Account(is_wide: Signal<bool>) -> impl IntoView {
    ///     let with_name = move || if is_wide.get() { r#"{"showName":true}"# } else { "{}" };
    ///     view! { <UserButton raw=Json::reactive(with_name) /> }
    /// }
    /// ```
    #[must_use]
    pub fn reactive<J: Into<Self>>(json: impl Fn() -> J + Send + Sync + 'static) -> Self {
        Self(Source::Reactive(Arc::new(move || json().into())))
    }

    /// The JSON text; empty for the default, which stands for no JSON at all.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Source::Text(text) => Cow::Borrowed(text),
            Source::Reactive(json) => Cow::Owned(json().text().into_owned()),
        }
    }
}

impl Default for Json {
    fn default() -> Self {
        Self::from("")
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Text(text) => f.debug_tuple("Json").field(text).finish(),
            Source::Reactive(_) => f.write_str("Json::reactive"),
        }
    }
}

impl PartialEq for Json {
    /// Compares the texts. Reactive JSON equals its clones only.
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Source::Text(text), Source::Text(other)) => text == other,
            (Source::Reactive(json), Source::Reactive(other)) => Arc::ptr_eq(json, other),
            _ => false,
        }
    }
}

impl Eq for Json {}

impl From<&'static str> for Json {
    fn from(text: &'static str) -> Self {
        Self(Source::Text(Cow::Borrowed(text)))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self(Source::Text(Cow::Owned(text)))
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self::from(value.to_string())
    }
}
