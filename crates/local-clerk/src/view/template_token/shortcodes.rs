//! Shortcodes: the expressions between `{{` and `}}` in claims.

use serde_json::{Value, json};

/// Replaces all shortcodes by their values.
pub(crate) fn fill(template: &Value, values: &Value) -> Value {
    match template {
        Value::String(text) => fill_text(text, values),
        Value::Array(items) => items.iter().map(|item| fill(item, values)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), fill(field, values)))
            .collect(),
        other => other.clone(),
    }
}

/// A string that is only a shortcode becomes its value with its type; within text, values become text.
fn fill_text(text: &str, values: &Value) -> Value {
    let alone = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    if let Some(expression) = alone.filter(|expression| !expression.contains("}}")) {
        return evaluate(expression, values);
    }
    let mut parts = text.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((expression, rest)) => {
                match evaluate(expression, values) {
                    Value::Null => {}
                    Value::String(text) => filled += &text,
                    other => filled += &other.to_string(),
                }
                filled += rest;
            }
            None => filled = filled + "{{" + part,
        }
    }
    Value::String(filled)
}

/// Returns the first operand of `a || b || 'text'` that is neither null, false nor empty.
fn evaluate(expression: &str, values: &Value) -> Value {
    expression
        .split("||")
        .map(|operand| {
            let operand = operand.trim();
            let quoted = operand
                .strip_prefix('\'')
                .and_then(|rest| rest.strip_suffix('\''));
            match quoted {
                Some(text) => json!(text),
                None => operand
                    .split('.')
                    .try_fold(values, |value, name| value.get(name))
                    .cloned()
                    .unwrap_or_default(),
            }
        })
        .find(|value| !matches!(value, Value::Null | Value::Bool(false)) && value != "")
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_keep_types_and_have_defaults() {
        let values = json!({ "user": {
            "id": "user_1",
            "first_name": "Jane",
            "last_name": null,
            "public_metadata": { "level": 3, "tags": ["a"] },
        } });
        let filled = |text: &str| fill(&json!(text), &values);
        assert_eq!(filled("{{user.id}}"), "user_1");
        assert_eq!(filled("{{ user.public_metadata.level }}"), 3);
        assert_eq!(filled("{{user.public_metadata.tags}}"), json!(["a"]));
        assert_eq!(filled("{{user.last_name}}"), Value::Null);
        assert_eq!(filled("{{org.id}}"), Value::Null);
        assert_eq!(filled("{{user.last_name || user.nothing || 'none'}}"), "none");
        assert_eq!(filled("{{user.last_name || user.first_name || 'none'}}"), "Jane");
        assert_eq!(
            filled("{{user.first_name}} {{user.last_name || 'Doe'}}, {{user.public_metadata.level}}"),
            "Jane Doe, 3"
        );
        assert_eq!(filled("no {{ end"), "no {{ end");
        assert_eq!(
            fill(&json!({ "a": ["{{user.id}}", 1, { "b": "x" }] }), &values),
            json!({ "a": ["user_1", 1, { "b": "x" }] })
        );
    }
}
