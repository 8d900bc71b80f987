//! Properties as JSON, for the inline script of `ClerkScripts`.

use serde_json::Map;

use super::{Props, Value};

impl Props {
    /// Returns the properties as JSON. `None` if the component has to wait for the app: it has parts that only run there,
    /// or JSON that is not valid, which the app reports.
    pub(crate) fn to_json(&self) -> Option<String> {
        if self.items.is_some() || !self.callbacks.is_empty() {
            return None;
        }
        let mut props: Map<String, serde_json::Value> = match &*self.raw.text() {
            "" => Map::new(),
            raw => serde_json::from_str(raw).ok()?,
        };
        for (name, value) in &self.typed {
            let value = match value {
                Value::Text(text) => text.as_str().into(),
                Value::Word(word) => (*word).into(),
                Value::Flag(flag) => (*flag).into(),
                Value::Number(number) => (*number).into(),
                Value::Json(json) => serde_json::from_str(&json.text()).ok()?,
                Value::Group(values) => values
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
                    .collect::<Map<_, _>>()
                    .into(),
            };
            props.insert((*name).to_owned(), value);
        }
        Some(serde_json::Value::Object(props).to_string())
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{Callback, Owner};

    use super::*;
    use crate::json::Json;

    #[test]
    fn typed_properties_win() {
        let json = |raw: &'static str| {
            let mut props = Props::new(raw.into(), Json::default());
            props.routing("/sign-in".to_owned());
            props.to_json()
        };
        assert_eq!(
            json("").as_deref(),
            Some(r#"{"path":"/sign-in","routing":"path"}"#)
        );
        assert_eq!(
            json(r#"{"path":"/other","transferable":false}"#).as_deref(),
            Some(r#"{"path":"/sign-in","routing":"path","transferable":false}"#)
        );
        assert_eq!(json("not JSON"), None);
    }

    #[test]
    fn every_kind_of_value_is_json() {
        let mut props = Props::new(Json::default(), Json::reactive(|| r#"{"theme":"simple"}"#));
        props.text("text", Some("\"<".to_owned()));
        props.flag("flag", Some(false));
        props.number("number", Some(7));
        props.text("absent", None);
        props.json("absent", Json::default());
        assert_eq!(
            props.to_json().as_deref(),
            Some(r#"{"appearance":{"theme":"simple"},"flag":false,"number":7,"text":"\"<"}"#)
        );
    }

    #[test]
    fn what_calls_back_waits_for_the_app() {
        Owner::new().with(|| {
            let mut props = Props::default();
            props.callback("onClose", None);
            assert_eq!(props.to_json().as_deref(), Some("{}"));
            props.callback("onClose", Some(Callback::new(|()| ())));
            assert_eq!(props.to_json(), None);
        });
    }
}
