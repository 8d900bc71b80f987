//! Every call reads every shape of reply that the contract allows, and those of a later version.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use axum::{Json, Router, extract::Request, http::Method};
use serde_json::{Map, Value, json};

use crate::{calls, operations, support::stub};

pub(crate) static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../contract/backend.json")).unwrap());

/// What a reply is like within what its schema allows, or beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Every property, and the given one of several alternatives and values.
    Full(usize),
    /// Only what is required, null where that is allowed.
    Least,
    /// Unknown properties and values of enums, null in place of what must not be null, and nothing but IDs required.
    Later,
}

fn sample(schema: &Value, shape: Shape) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(CONTRACT.pointer(&reference[1..]).unwrap(), shape);
    }
    let nth = |values: &Vec<Value>| match shape {
        Shape::Full(number) => values[number % values.len()].clone(),
        Shape::Least | Shape::Later => values[0].clone(),
    };
    for key in ["anyOf", "oneOf"] {
        // Alternatives that only say which properties are required are no schemas of their own.
        let is_schema = |one: &Value| ["type", "$ref", "oneOf"].iter().any(|key| !one[*key].is_null());
        let Some(all) = schema[key].as_array().filter(|all| all.iter().all(is_schema)) else {
            continue;
        };
        let is_null = |one: &Value| one["type"] == "null";
        if !matches!(shape, Shape::Full(_)) && all.iter().any(is_null) {
            return Value::Null;
        }
        let others: Vec<Value> = all.iter().filter(|one| !is_null(one)).cloned().collect();
        return sample(&nth(&others), shape);
    }
    if let Some(values) = schema["enum"].as_array() {
        return match shape {
            Shape::Later if values[0].is_string() => json!("a_later_value"),
            _ => nth(values),
        };
    }
    match schema["type"].as_str() {
        Some("object") => Value::Object(object(schema, shape)),
        Some("array") => json!([sample(&schema["items"], shape)]),
        Some("string") => json!("text"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => json!({ "any": 1 }),
    }
}

fn object(schema: &Value, shape: Shape) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let is_required = schema["required"]
            .as_array()
            .is_some_and(|all| all.contains(&json!(name)));
        match shape {
            Shape::Least if !is_required => continue,
            Shape::Later
                if name != "id" && !matches!(property["type"].as_str(), Some("array" | "object")) =>
            {
                object.insert(name.clone(), Value::Null);
            }
            _ => {
                object.insert(name.clone(), sample(property, shape));
            }
        }
    }
    if shape == Shape::Later {
        object.insert("a_later_property".to_owned(), json!({ "x": [1] }));
    }
    object
}

/// Finds the operation of a request, and how it replies on success.
fn reply_schema(method: &Method, path: &str) -> Option<(String, Value)> {
    let wanted: Vec<&str> = path.strip_prefix("/v1/")?.split('/').collect();
    let is_match = |operation: &str| {
        let (verb, pattern) = operation.split_once(' ').unwrap();
        let pattern: Vec<&str> = pattern[1..].split('/').collect();
        verb == method.as_str()
            && pattern.len() == wanted.len()
            && pattern
                .iter()
                .zip(&wanted)
                .all(|(segment, given)| segment == given || segment.starts_with('{') && *given == "x_1")
    };
    let operations = CONTRACT["operations"].as_object().unwrap();
    let (operation, replies) = operations.iter().find(|(operation, _)| is_match(operation))?;
    let (_, schema) = replies
        .as_object()
        .unwrap()
        .iter()
        .find(|(status, _)| status.starts_with('2'))?;
    Some((operation.clone(), schema.clone()))
}

#[tokio::test]
async fn every_call_reads_every_reply_that_the_contract_allows_and_later_ones() {
    let received = Arc::new(Mutex::new(BTreeMap::new()));
    let shape = Arc::new(Mutex::new(Shape::Least));
    let (log, current) = (Arc::clone(&received), Arc::clone(&shape));
    let router = Router::new().fallback(move |request: Request| {
        let shape = *current.lock().unwrap();
        let found = reply_schema(request.method(), request.uri().path());
        let (operation, schema) = found.unwrap_or_else(|| panic!("not in the contract: {:?}", request.uri()));
        *log.lock().unwrap().entry(operation).or_insert(0) += 1;
        async move { Json(sample(&schema, shape)) }
    });
    let clerk = stub(router).await;
    let mut failed = Vec::new();
    let shapes = (0..12).map(Shape::Full).chain([Shape::Least, Shape::Later]);
    for now in shapes {
        *shape.lock().unwrap() = now;
        for (name, _) in operations::CALLS {
            if let Err(error) = calls::call(clerk.api(), name).await {
                failed.push(format!("{name} {now:?}: {error}"));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    let received = received.lock().unwrap();
    for (_, operation) in operations::CALLS {
        assert!(received.contains_key(*operation), "{operation} was not called");
    }
}
