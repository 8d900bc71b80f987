//! The parameters of a request: query strings, forms and JSON bodies through one interface.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use url::form_urlencoded;

use crate::error::ApiError;

/// Named values. A repeated name has all its values; `text` returns the last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params {
    values: Map<String, Value>,
    /// The items of a body that is an array of objects.
    items: Vec<Self>,
}

impl Params {
    /// Parses a query string or a form.
    pub(crate) fn from_form(encoded: &[u8]) -> Self {
        let mut values = Map::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            let value = Value::String(value.into_owned());
            match values.get_mut(name.as_ref()) {
                None => {
                    values.insert(name.into_owned(), value);
                }
                Some(Value::Array(all)) => all.push(value),
                Some(one) => *one = Value::Array(vec![one.take(), value]),
            }
        }
        Self::of(values)
    }

    fn of(values: Map<String, Value>) -> Self {
        Self {
            values,
            items: Vec::new(),
        }
    }

    /// Parses a JSON object, or an array of objects.
    pub(crate) fn from_json(body: &[u8]) -> Result<Self, ApiError> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(Self::of(values)),
            // What clients send whose optional body is missing.
            Ok(Value::Null) => Ok(Self::default()),
            Ok(Value::Array(items)) if !items.is_empty() && items.iter().all(Value::is_object) => Ok(Self {
                values: Map::new(),
                items: items
                    .into_iter()
                    .filter_map(|item| match item {
                        Value::Object(values) => Some(Self::of(values)),
                        _ => None,
                    })
                    .collect(),
            }),
            Ok(_) => Err(ApiError::malformed_body(
                "The request body must be a JSON object or an array of objects.",
            )),
            Err(error) => Err(ApiError::malformed_body(format!(
                "The request body is not valid JSON: {error}."
            ))),
        }
    }

    /// Returns the items of a body that is an array of objects.
    pub(crate) fn items(&self) -> Result<Vec<Self>, ApiError> {
        if self.items.is_empty() {
            return Err(ApiError::malformed_body("The request body must be a JSON array."));
        }
        Ok(self.items.clone())
    }

    /// Returns the items of a body that is an array, or the body itself.
    pub(super) fn each(&self) -> &[Self] {
        if self.items.is_empty() {
            std::slice::from_ref(self)
        } else {
            &self.items
        }
    }

    /// Returns all parameters by their names.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Fails if there is a parameter besides these.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self.values.keys().find(|name| !known.contains(&name.as_str())) {
            Some(unknown) => Err(ApiError::unknown_param(unknown)),
            None => Ok(()),
        }
    }

    /// Returns the names of parameters that are there more than once.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = &str> {
        let values = self.values.iter();
        values.filter_map(|(name, value)| value.is_array().then_some(name.as_str()))
    }

    /// Returns a string, which may be empty: clerk-js sends `null` as the empty string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Value::String(text) => Some(text),
            Value::Array(all) => all.last()?.as_str(),
            _ => None,
        }
    }

    /// Returns a string that is not empty, the first one of a repeated name.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        let text = match self.values.get(name)? {
            Value::Array(all) => all.first()?.as_str(),
            value => value.as_str(),
        };
        text.map(str::trim).filter(|text| !text.is_empty())
    }

    /// Tells whether there is a value, which may be `null`.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Tells whether there is a value that is not `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|value| !value.is_null())
    }

    /// Tells whether any of the fields contains the search text of this name, ignoring case. Without a search text
    /// everything matches.
    pub(crate) fn matches(&self, name: &str, fields: &[&str]) -> bool {
        self.filled(name).is_none_or(|text| {
            let text = text.to_lowercase();
            fields.iter().any(|field| field.to_lowercase().contains(&text))
        })
    }

    /// Returns a string that is not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A string that is not empty, or the error that it is missing.
    pub(crate) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.filled(name).ok_or_else(|| ApiError::missing(name))
    }

    /// Returns the change of a field: `None` leaves it unchanged, `Some(None)` clears it.
    pub(crate) fn change(&self, name: &str) -> Option<Option<String>> {
        match self.values.get(name)? {
            Value::Null => Some(None),
            _ => Some(self.filled(name).map(str::to_owned)),
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.values.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        whole(self.values.get(name)?)
    }

    /// Returns a number within bounds.
    pub(crate) fn number_in(&self, name: &str, bounds: RangeInclusive<i64>) -> Result<Option<i64>, ApiError> {
        match (self.values.get(name), self.number(name)) {
            (None | Some(Value::Null), _) => Ok(None),
            (Some(Value::String(text)), _) if text.is_empty() => Ok(None),
            (_, Some(number)) if bounds.contains(&number) => Ok(Some(number)),
            _ => {
                let (low, high) = bounds.into_inner();
                let message = format!("{name} must be an integer between {low} and {high}.");
                Err(ApiError::value_invalid(name, message))
            }
        }
    }

    /// Returns a time, in milliseconds since 1970.
    pub(crate) fn time(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.filled(name) else {
            return Ok(None);
        };
        let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| ApiError::time_invalid(name))?;
        let milliseconds = time.unix_timestamp_nanos() / 1_000_000;
        Ok(i64::try_from(milliseconds).ok())
    }

    /// Returns a list: an array, a repeated name, `name[]`, or a comma-separated string.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let value = self
            .values
            .get(name)
            .or_else(|| self.values.get(&format!("{name}[]")));
        match value {
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(text)) => text
                .split(',')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Returns an object: JSON itself, or JSON in a string, as clerk-js sends metadata in forms.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Map<String, Value>>, ApiError> {
        let parsed = match self.values.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) if text.is_empty() => return Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).ok(),
            Some(value) => Some(value.clone()),
        };
        match parsed {
            Some(Value::Object(object)) => Ok(Some(object)),
            _ => Err(ApiError::invalid(name, format!("{name} must be a JSON object."))),
        }
    }
}

/// Returns a whole number, which some SDKs write as `10.0`.
pub(super) fn whole(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(number) => &number.to_string(),
        Value::String(text) => text,
        _ => return None,
    };
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_parsed() {
        let form = Params::from_form(b"a=1&b=&c=x&c=y&m=%7B%22k%22%3A1%7D&t=true");
        assert_eq!(form.text("a"), Some("1"));
        assert_eq!(form.number("a"), Some(1));
        assert_eq!((form.text("b"), form.filled("b")), (Some(""), None));
        assert_eq!(form.change("b"), Some(None));
        assert_eq!(form.change("absent"), None);
        assert_eq!(form.text("c"), Some("y"));
        assert_eq!(form.list("c"), ["x", "y"]);
        assert_eq!(form.flag("t"), Some(true));
        assert_eq!(form.object("m").unwrap().unwrap()["k"], 1);
        assert!(form.object("c").is_err());
    }

    #[test]
    fn json_bodies_must_be_objects() {
        assert!(Params::from_json(b"[1]").is_err());
        assert!(Params::from_json(b"{").is_err());
        for nothing in [&b""[..], b"null"] {
            assert!(Params::from_json(nothing).unwrap().text("x").is_none());
        }
        assert_eq!(Params::from_json(br#"{"f":true}"#).unwrap().flag("f"), Some(true));
    }
}
