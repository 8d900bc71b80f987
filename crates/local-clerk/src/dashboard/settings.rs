//! The form that changes what is switched on. It knows of each setting no more than what kind of value it has.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::Request,
    model::Settings,
};

use super::html::escape;

const USES: [&str; 3] = ["off", "optional", "required"];
const SIGN_UP_MODES: [&str; 3] = ["public", "restricted", "waitlist"];

/// The fields of the form: a box for what is on or off, a choice, a number, or a list of words.
pub(super) fn fields(settings: &Settings) -> Result<String, Error> {
    let settings = json(settings)?;
    let mut fields: Vec<(&String, &Value)> = settings.as_object().into_iter().flatten().collect();
    fields.sort_by_key(|(_, value)| (value.is_boolean(), value.is_number(), value.is_array()));
    Ok(fields
        .into_iter()
        .map(|(name, value)| field(name, value))
        .collect())
}

fn field(name: &str, value: &Value) -> String {
    let label = name[..1].to_uppercase() + &name[1..].replace('_', " ");
    match value {
        Value::Bool(on) => {
            let checked = if *on { " checked" } else { "" };
            format!(
                "<label class=\"box\"><input type=\"checkbox\" name=\"{name}\" value=\"true\"{checked}>{label}</label>"
            )
        }
        Value::String(chosen) => {
            let choices = if name == "sign_up_mode" {
                SIGN_UP_MODES
            } else {
                USES
            };
            let options: String = choices
                .iter()
                .map(|choice| {
                    let selected = if choice == chosen { " selected" } else { "" };
                    format!("<option{selected}>{choice}</option>")
                })
                .collect();
            format!("<label>{label}<select name=\"{name}\">{options}</select></label>")
        }
        Value::Array(words) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            let words = escape(&words.join(", "));
            format!("<label>{label}<input name=\"{name}\" value=\"{words}\" placeholder=\"none\"></label>")
        }
        Value::Number(number) => {
            format!(
                "<label>{label}<input type=\"number\" min=\"0\" name=\"{name}\" value=\"{number}\"></label>"
            )
        }
        _ => String::new(),
    }
}

/// The settings with what the form says.
pub(super) fn changed(cx: &Context<'_>, request: &Request) -> Result<Settings, Error> {
    let mut settings = json(&cx.settings()?)?;
    for (name, value) in settings.as_object_mut().into_iter().flatten() {
        let sent = match value {
            Value::Bool(_) => json!(request.body.flag(name).unwrap_or(false)),
            Value::String(_) => json!(request.body.required(name)?),
            Value::Array(_) => {
                let words = request.body.filled(name).unwrap_or_default().split(',');
                json!(
                    words
                        .map(str::trim)
                        .filter(|word| !word.is_empty())
                        .collect::<Vec<_>>()
                )
            }
            Value::Number(_) => match request.body.number(name) {
                Some(number) => json!(number),
                None => continue,
            },
            _ => continue,
        };
        *value = sent;
    }
    let settings: Settings =
        serde_json::from_value(settings).map_err(|error| ApiError::malformed_body(error.to_string()))?;
    settings.check().map_err(ApiError::malformed_body)?;
    Ok(settings)
}

fn json(settings: &Settings) -> Result<Value, Error> {
    Ok(serde_json::to_value(settings).map_err(crate::store::Error::from)?)
}
