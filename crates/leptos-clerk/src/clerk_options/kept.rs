use serde_json::{Map, Value};

/// The values by their names in clerk-js.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values(Map<String, Value>);

impl Values {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn set_text(&mut self, name: &'static str, text: impl Into<String>) {
        self.0.insert(name.to_owned(), Value::String(text.into()));
    }

    pub(super) fn set_flag(&mut self, name: &'static str, flag: bool) {
        self.0.insert(name.to_owned(), Value::Bool(flag));
    }

    pub(super) fn insert_into(&mut self, name: &'static str, key: &'static str, text: impl Into<String>) {
        let object = self.0.entry(name).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(object) = object {
            object.insert(key.to_owned(), Value::String(text.into()));
        }
    }

    pub(super) fn push(&mut self, name: &'static str, text: impl Into<String>) {
        let list = self.0.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(Value::String(text.into()));
        }
    }
}
