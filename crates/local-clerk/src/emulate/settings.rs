//! The settings of the instance.

use serde_json::{Map, Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    model::Settings,
    store,
};

use super::{body, no_parameters};

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    Ok(Reply::json(&json!(cx.settings()?)))
}

/// Changes the settings that the body names.
pub(super) fn change(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    let changes: Map<String, Value> = body(request)?;
    let mut settings = cx.settings()?;
    for (name, value) in changes {
        let mut json = serde_json::to_value(&settings).map_err(store::Error::from)?;
        match json.get_mut(&name) {
            Some(field) => *field = value,
            None => return Err(ApiError::unknown_param(&name).into()),
        }
        // One after another, so that the error names the setting.
        settings = serde_json::from_value(json)
            .map_err(|error| ApiError::value_invalid(&name, format!("{name}: {error}.")))?;
    }
    settings.check().map_err(|message| {
        ApiError::new(
            ErrorKind::Unprocessable,
            "settings_invalid",
            format!("{message}."),
        )
    })?;
    cx.store.put::<Settings>(&settings)?;
    Ok(Reply::json(&json!(settings)))
}
