//! The properties of one of Clerk's components.

#[cfg(feature = "_browser")]
mod browser;
#[cfg(not(feature = "_browser"))]
mod server;

use crate::{
    custom_items::{Apply, CustomItems},
    json::Json,
};

/// Properties as clerk-js names them. Typed ones win over `raw`; what is absent or empty is left to Clerk's default.
#[derive(Default)]
pub(crate) struct Props {
    raw: Json,
    typed: Vec<(&'static str, Value)>,
    /// Pages and menu items, and the property that holds those of a profile where that is not the component itself.
    items: Option<(Apply, Option<&'static str>)>,
    callbacks: Vec<(&'static str, Callback)>,
}

enum Value {
    Text(String),
    Word(&'static str),
    Flag(bool),
    Number(u32),
    Json(Json),
    Group(Vec<(&'static str, String)>),
}

/// What Clerk calls, in the browser only.
pub(crate) type Callback = leptos::prelude::Callback<()>;

impl Props {
    pub(crate) fn new(raw: Json, appearance: Json) -> Self {
        let mut props = Self {
            raw,
            ..Self::default()
        };
        props.json("appearance", appearance);
        props
    }

    pub(crate) fn raw(&mut self, raw: Json) {
        self.raw = raw;
    }

    pub(crate) fn text(&mut self, name: &'static str, value: Option<String>) {
        if let Some(value) = value {
            self.typed.push((name, Value::Text(value)));
        }
    }

    pub(crate) fn word(&mut self, name: &'static str, value: Option<&'static str>) {
        if let Some(value) = value {
            self.typed.push((name, Value::Word(value)));
        }
    }

    pub(crate) fn flag(&mut self, name: &'static str, value: Option<bool>) {
        if let Some(value) = value {
            self.typed.push((name, Value::Flag(value)));
        }
    }

    pub(crate) fn number(&mut self, name: &'static str, value: Option<u32>) {
        if let Some(value) = value {
            self.typed.push((name, Value::Number(value)));
        }
    }

    pub(crate) fn json(&mut self, name: &'static str, value: Json) {
        if value != Json::default() {
            self.typed.push((name, Value::Json(value)));
        }
    }

    /// A property that is an object of texts.
    pub(crate) fn group(&mut self, name: &'static str, values: Vec<(&'static str, String)>) {
        if !values.is_empty() {
            self.typed.push((name, Value::Group(values)));
        }
    }

    pub(crate) fn callback(&mut self, name: &'static str, value: Option<Callback>) {
        if let Some(value) = value {
            self.callbacks.push((name, value));
        }
    }

    /// Adds custom pages and menu items. `profile` is the property with those of the profile, where the component itself is
    /// none.
    pub(crate) fn items(&mut self, items: CustomItems, profile: Option<&'static str>) {
        self.items = items.0.map(|apply| (apply, profile));
    }

    /// The path of the page that the component stands on, unless the app has set one.
    pub(crate) fn default_routing(&mut self, path: &str) {
        if !self.typed.iter().any(|(name, _)| *name == "routing") {
            self.routing(path.to_owned());
        }
    }

    /// How the steps of a component show in the address: as paths below `path`, or, where there is no such path, in the
    /// fragment of the URL.
    pub(crate) fn routing(&mut self, path: String) {
        if path.starts_with('/') {
            self.word("routing", Some("path"));
            self.text("path", Some(path));
        } else {
            self.word("routing", Some("hash"));
        }
    }
}
