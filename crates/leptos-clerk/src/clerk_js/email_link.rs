//! Waiting for a link in an e-mail to be followed.

use js_sys::{Array, Reflect};
use send_wrapper::SendWrapper;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};

use super::{
    Path,
    resources::{call, resource, settle},
};
use crate::{clerk_api_error::ClerkApiError, props::Props};

/// clerk-js asks whether the link was followed, each second, until this is dropped.
pub(crate) struct EmailLinkFlow(SendWrapper<JsValue>);

impl Drop for EmailLinkFlow {
    fn drop(&mut self) {
        // The page goes on without it.
        let _ = call(&self.0, "cancelEmailLinkFlow", &JsValue::UNDEFINED);
    }
}

/// Sends an e-mail with a link for the resource, or, with an ID, for an element of the list, and starts to wait.
pub(crate) fn start_email_link_flow(
    path: Path,
    id: Option<&str>,
    params: &Props,
) -> Result<
    (
        EmailLinkFlow,
        impl Future<Output = Result<Value, ClerkApiError>> + Send + use<>,
    ),
    ClerkApiError,
> {
    let mut target = resource(path)?;
    if let Some(id) = id {
        target = element(&target, id).ok_or_else(|| {
            ClerkApiError::new("unknown", ["The user has no e-mail address ", id, "."].concat())
        })?;
    }
    let flow = call(&target, "createEmailLinkFlow", &JsValue::UNDEFINED)?;
    let followed = call(&flow, "startEmailLinkFlow", &params.to_object())?;
    let answer = SendWrapper::new(settle(followed));
    Ok((EmailLinkFlow(SendWrapper::new(flow)), answer))
}

/// The element of a list that has the ID.
fn element(list: &JsValue, id: &str) -> Option<JsValue> {
    let has_id = |element: &JsValue| Reflect::get(element, &"id".into()).is_ok_and(|found| found == id);
    list.dyn_ref::<Array>()?.iter().find(has_id)
}
