//! JSON by way of the browser's own parser: that of serde_json, with its messages, would be a tenth of the WebAssembly of an
//! app.

use js_sys::{Array, Object};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};

/// Converts a value that JSON can express. What it cannot, such as a function, is `null`.
pub(crate) fn from_js(value: &JsValue) -> Value {
    if let Some(text) = value.as_string() {
        Value::String(text)
    } else if let Some(flag) = value.as_bool() {
        Value::Bool(flag)
    } else if let Some(number) = value.as_f64() {
        from_number(number)
    } else if let Some(array) = value.dyn_ref::<Array>() {
        array.iter().map(|element| from_js(&element)).collect()
    } else if let Some(object) = value.dyn_ref::<Object>() {
        Object::entries(object)
            .iter()
            .map(|entry| {
                let entry: Array = entry.unchecked_into();
                (
                    entry.get(0).as_string().unwrap_or_default(),
                    from_js(&entry.get(1)),
                )
            })
            .collect()
    } else {
        Value::Null
    }
}

/// Keeps whole numbers whole, as serde_json does, as far as a JavaScript number is exact.
fn from_number(number: f64) -> Value {
    const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
    if number.trunc() == number && number.abs() <= MAX_SAFE_INTEGER {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}
