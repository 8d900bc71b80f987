//! Properties as an object.

use js_sys::Object;
use leptos::prelude::Callable;
use wasm_bindgen::{JsValue, closure::Closure};

use super::{Props, Value};
use crate::clerk_js::browser::{parse_object, set};

impl Props {
    /// Builds the object that clerk-js takes. Reads the signals of reactive JSON.
    pub(crate) fn to_object(&self) -> Object {
        let object = parse_object(&self.raw);
        for (name, value) in &self.typed {
            let value = match value {
                Value::Text(text) => JsValue::from_str(text),
                Value::Word(word) => JsValue::from_str(word),
                Value::Flag(flag) => JsValue::from_bool(*flag),
                Value::Number(number) => JsValue::from_f64(f64::from(*number)),
                Value::Json(json) => parse_object(json).into(),
                Value::Group(values) => {
                    let group = Object::new();
                    for (name, value) in values {
                        set(&group, name, value.as_str());
                    }
                    group.into()
                }
            };
            set(&object, name, value);
        }
        if let Some((apply, profile)) = &self.items {
            apply(&object, *profile);
        }
        for &(name, callback) in &self.callbacks {
            let function = Closure::<dyn Fn()>::new(move || {
                callback.try_run(());
            });
            set(&object, name, function.into_js_value());
        }
        object
    }
}
