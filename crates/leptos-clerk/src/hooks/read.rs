//! Reading the JSON of Clerk's resources. What is missing has its default.

use serde_json::Value;

pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

/// A text that is always there.
pub(super) fn required(value: &Value, name: &str) -> String {
    text(value, name).unwrap_or_default()
}

/// A point in time in milliseconds since 1970, or an amount.
pub(super) fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name)?.as_i64()
}

pub(super) fn flag(value: &Value, name: &str) -> bool {
    value.get(name) == Some(&Value::Bool(true))
}

/// A resource inside of another. `None` for `null`.
pub(super) fn object<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.get(name).filter(|value| value.is_object())
}

pub(super) fn list<T>(value: &Value, name: &str, read: impl Fn(&Value) -> T) -> Vec<T> {
    value
        .get(name)
        .map(|list| elements(list, read))
        .unwrap_or_default()
}

pub(super) fn elements<T>(list: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    list.as_array()
        .map(|list| list.iter().map(read).collect())
        .unwrap_or_default()
}

pub(super) fn texts(value: &Value, name: &str) -> Vec<String> {
    list(value, name, |text| text.as_str().unwrap_or_default().to_owned())
}

/// The resource if there is one. clerk-js has an empty one where nothing was started.
pub(super) fn present<T>(value: &Value, read: impl Fn(&Value) -> T) -> Option<T> {
    value.get("id").is_some_and(Value::is_string).then(|| read(value))
}
