//! Clerk's resources, such as the active organization: their state as JSON, and their methods.

use js_sys::{Array, Date, Function, JSON, Object, Promise, Reflect};
use send_wrapper::SendWrapper;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{Argument, Path, bindings, browser::describe, json::from_js};
use crate::{clerk_api_error::ClerkApiError, props::Props};

/// How deep resources are read. They hold each other: a session its user, and the user their organizations.
const MAX_DEPTH: u8 = 8;

/// Calls a method of a resource.
pub(crate) fn invoke(
    path: Path,
    method: &str,
    argument: Argument,
) -> impl Future<Output = Result<Value, ClerkApiError>> + Send + use<> {
    let returned = resource(path).and_then(|resource| begin(&resource, method, argument));
    SendWrapper::new(async move { settle(returned?).await })
}

/// Calls a method of the checkout with these options, and returns the state of the checkout.
pub(crate) fn invoke_checkout(
    options: &Props,
    method: &'static str,
    argument: Argument,
) -> impl Future<Output = Result<Value, ClerkApiError>> + Send + use<> {
    let started = checkout(options).and_then(|checkout| {
        let returned = begin(&checkout, method, argument)?;
        Ok((checkout, returned))
    });
    SendWrapper::new(async move {
        let (checkout, returned) = started?;
        let answer = resolved(returned).await?;
        // These methods return their errors.
        match Reflect::get(&answer, &"error".into()) {
            Ok(error) if error.is_truthy() => Err(api_error(&error)),
            _ => Ok(checkout_state(&checkout)),
        }
    })
}

/// The present state of the resource as JSON. `None` while it is not known, such as while Clerk switches from one session to
/// another.
pub(crate) fn state(path: Path) -> Option<Value> {
    let value = find(path)?;
    (!value.is_undefined()).then(|| to_json(&value, 0))
}

/// Whether the instance has organizations, by its settings.
pub(crate) fn organizations_enabled() -> bool {
    find(&["__internal_environment", "organizationSettings", "enabled"])
        .is_some_and(|enabled| enabled.is_truthy())
}

/// What clerk-js threw.
pub(crate) fn api_error(error: &JsValue) -> ClerkApiError {
    let property = |name: &str| Reflect::get(error, &name.into()).ok();
    property("errors")
        .and_then(|errors| ClerkApiError::from_errors(&from_js(&errors)))
        .unwrap_or_else(|| {
            let code = property("code").and_then(|code| code.as_string());
            ClerkApiError::new(code.unwrap_or_else(|| "unknown".to_owned()), describe(error))
        })
}

fn find(path: Path) -> Option<JsValue> {
    let mut value = JsValue::from(bindings::clerk()?);
    for name in path {
        if !value.is_truthy() {
            break;
        }
        value = Reflect::get(&value, &(*name).into()).ok()?;
    }
    Some(value)
}

pub(super) fn resource(path: Path) -> Result<JsValue, ClerkApiError> {
    if !find(&["loaded"]).is_some_and(|loaded| loaded.is_truthy()) {
        return Err(ClerkApiError::not_loaded());
    }
    find(path).filter(JsValue::is_truthy).ok_or_else(|| {
        let name = path.last().copied().unwrap_or_default();
        ClerkApiError::new("unknown", ["There is no active ", name, "."].concat())
    })
}

fn checkout(options: &Props) -> Result<JsValue, ClerkApiError> {
    let signal = call(&resource(&[])?, "__experimental_checkout", &options.to_object())?;
    Reflect::get(&signal, &"checkout".into()).map_err(|error| api_error(&error))
}

/// The properties of a checkout are those of its class.
fn checkout_state(checkout: &JsValue) -> Value {
    const PROPERTIES: [&str; 9] = [
        "status",
        "plan",
        "planPeriod",
        "totals",
        "isImmediatePlanChange",
        "freeTrialEndsAt",
        "paymentMethod",
        "needsPaymentMethod",
        "externalGatewayId",
    ];
    PROPERTIES
        .iter()
        .map(|name| {
            let value = Reflect::get(checkout, &(*name).into()).unwrap_or_default();
            ((*name).to_owned(), to_json(&value, 0))
        })
        .collect()
}

fn begin(target: &JsValue, method: &str, argument: Argument) -> Result<JsValue, ClerkApiError> {
    let argument = match argument {
        Argument::None => JsValue::UNDEFINED,
        Argument::Props(props) => props.to_object().into(),
        Argument::Json(json) => JSON::parse(&json.text()).map_err(|error| api_error(&error))?,
    };
    call(target, method, &argument)
}

pub(super) fn call(target: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, ClerkApiError> {
    let function: Function = Reflect::get(target, &method.into())
        .and_then(JsValue::dyn_into)
        .map_err(|_| ClerkApiError::new("unknown", ["clerk-js has no ", method, "."].concat()))?;
    let arguments: Array = [argument].iter().collect();
    function
        .apply(target, &arguments)
        .map_err(|error| api_error(&error))
}

pub(super) async fn settle(returned: JsValue) -> Result<Value, ClerkApiError> {
    Ok(to_json(&resolved(returned).await?, 0))
}

/// Waits for what a method returned, which may be no promise.
async fn resolved(returned: JsValue) -> Result<JsValue, ClerkApiError> {
    JsFuture::from(Promise::resolve(&returned))
        .await
        .map_err(|error| api_error(&error))
}

/// Converts a resource: points in time are milliseconds, and methods, what clerk-js keeps to itself, and session tokens are left
/// out.
fn to_json(value: &JsValue, depth: u8) -> Value {
    if let Some(date) = value.dyn_ref::<Date>() {
        return from_js(&date.get_time().into());
    }
    let Some(object) = value.dyn_ref::<Object>() else {
        return from_js(value);
    };
    if depth == MAX_DEPTH || value.is_function() {
        return Value::Null;
    }
    if let Some(array) = value.dyn_ref::<Array>() {
        return array.iter().map(|element| to_json(&element, depth + 1)).collect();
    }
    Object::entries(object)
        .iter()
        .filter_map(|entry| {
            let entry: Array = entry.unchecked_into();
            let (name, value) = (entry.get(0).as_string()?, entry.get(1));
            let is_data = !name.starts_with('_') && name != "lastActiveToken" && !value.is_function();
            is_data.then(|| (name, to_json(&value, depth + 1)))
        })
        .collect()
}
