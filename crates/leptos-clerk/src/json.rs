use std::borrow::Cow;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json(Cow<'static, str>);

impl Json {
    /// The JSON text; empty for the default, which stands for no JSON at all.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Json {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self(Cow::Owned(value.to_string()))
    }
}
