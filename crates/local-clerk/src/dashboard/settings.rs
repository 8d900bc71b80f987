//! The form that changes the settings. It knows only the type of each setting.

use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::Request,
    model::Settings,
};

const USES: [&str; 3] = ["off", "optional", "required"];
const SIGN_UP_MODES: [&str; 3] = ["public", "restricted", "waitlist"];

/// The fields of the form: a checkbox, a choice, a number or a list of words for each setting.
pub(super) fn fields(settings: &Settings) -> Result<Markup, Error> {
    let settings = json(settings)?;
    let mut fields: Vec<(&String, &Value)> = settings.as_object().into_iter().flatten().collect();
    fields.sort_by_key(|(_, value)| (value.is_boolean(), value.is_number(), value.is_array()));
    Ok(html! { @for (name, value) in fields { (field(name, value)) } })
}

fn field(name: &str, value: &Value) -> Markup {
    let label = name[..1].to_uppercase() + &name[1..].replace('_', " ");
    match value {
        Value::Bool(on) => html! {
            label.box { input type="checkbox" name=(name) value="true" checked[*on]; (label) }
        },
        Value::String(selected) => {
            let choices = if name == "sign_up_mode" {
                SIGN_UP_MODES
            } else {
                USES
            };
            html! {
                label {
                    (label)
                    select name=(name) {
                        @for choice in choices { option selected[choice == selected] { (choice) } }
                    }
                }
            }
        }
        Value::Array(words) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            html! {
                label { (label) input name=(name) value=(words.join(", ")) placeholder="none"; }
            }
        }
        Value::Number(number) => html! {
            label { (label) input type="number" min="0" name=(name) value=(number); }
        },
        _ => Markup::default(),
    }
}

/// The current settings with the values of the submitted form.
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
