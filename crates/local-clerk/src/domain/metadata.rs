//! Merging metadata (RFC 7396).

use serde_json::{Map, Value, json};

/// Merges a patch into metadata as RFC 7396 defines it: `null` removes a key.
pub(crate) fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(&key);
            }
            Value::Object(patch) => {
                let entry = target.entry(key).or_insert_with(|| json!({}));
                if !entry.is_object() {
                    *entry = json!({});
                }
                if let Value::Object(entry) = entry {
                    merge(entry, patch);
                }
            }
            value => {
                target.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_merged() {
        let mut target = json!({ "a": 1, "b": { "c": 2, "d": 3 }, "e": 4 })
            .as_object()
            .unwrap()
            .clone();
        let patch = json!({ "a": null, "b": { "c": null, "x": 5 }, "e": { "f": 6 }, "n": null });
        merge(&mut target, patch.as_object().unwrap().clone());
        assert_eq!(
            Value::Object(target),
            json!({ "b": { "d": 3, "x": 5 }, "e": { "f": 6 } })
        );
    }
}
