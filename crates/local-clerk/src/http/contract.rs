//! The parameters that Clerk's contract has for each operation. What an endpoint would otherwise ignore is refused as
//! Clerk refuses it: an unknown field, another type, a value or a number that is not allowed.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::LazyLock};

use http::Method;
use serde_json::Value;

use crate::error::ApiError;

use super::{Api, Params, params::whole, request::MAX_PAGE_SIZE};

/// The operations with parameters, one a line: the API, the method, the path, `closed` if the body may have no other fields,
/// and the parameters as `name:type`. Those in the query begin with a `?`.
const FIELDS: &str = include_str!("fields.txt");

/// The version of the contract. A later clerk-js may send fields that it does not have.
const VERSION: &str = "2026-05-12";

/// Fields of earlier versions of the Backend API, which SDKs still send.
const EARLIER: [(&str, &[&str]); 2] = [
    (
        "backend PATCH /v1/users/{}",
        &["public_metadata", "private_metadata", "unsafe_metadata"],
    ),
    (
        "backend PATCH /v1/organizations/{}",
        &["public_metadata", "private_metadata"],
    ),
];

/// Fields of the contract that the local Clerk lacks, where they would not be refused otherwise.
const LACKING: [(&str, &[&str]); 11] = [
    ("frontend POST /v1/client/sign_ups", &["web3_wallet"]),
    ("frontend PATCH /v1/client/sign_ups/{}", &["web3_wallet"]),
    ("frontend PATCH /v1/me", &["primary_web3_wallet_id"]),
    (
        "frontend POST /v1/me/external_accounts",
        &["enterprise_connection_id"],
    ),
    ("backend GET /v1/users", &["web3_wallet"]),
    ("backend GET /v1/users/count", &["web3_wallet"]),
    ("backend GET /v1/organizations/{}/memberships", &["web3_wallet"]),
    ("backend POST /v1/users", &["web3_wallet"]),
    (
        "backend PATCH /v1/users/{}",
        &["primary_web3_wallet_id", "profile_image_id"],
    ),
    ("backend POST /v1/organizations", &["role_set_key"]),
    ("backend PATCH /v1/organizations/{}", &["role_set_key"]),
];

static OPERATIONS: LazyLock<BTreeMap<String, Operation>> =
    LazyLock::new(|| FIELDS.lines().filter_map(Operation::parse).collect());

static WITHOUT_PARAMETERS: Operation = Operation {
    is_closed: false,
    checks_texts: false,
    query: BTreeMap::new(),
    body: BTreeMap::new(),
    lacking: &[],
};

/// The page of a list, which the contract does not have at each of them.
const PAGE: [(&str, RangeInclusive<i64>); 2] = [("limit", 1..=MAX_PAGE_SIZE), ("offset", 0..=i64::MAX)];

/// What an operation accepts.
#[derive(Debug, Default)]
pub(super) struct Operation {
    is_closed: bool,
    /// Whether the values of texts are checked. clerk-js repeats parameters that the contract has only once.
    checks_texts: bool,
    query: BTreeMap<&'static str, Type>,
    body: BTreeMap<&'static str, Type>,
    lacking: &'static [&'static str],
}

#[derive(Debug)]
enum Type {
    /// A text, which is one of these if there are any.
    Text(Vec<&'static str>),
    Texts(Vec<&'static str>),
    Flag,
    Integer(RangeInclusive<i64>),
    /// Anything: the handler checks it.
    Any,
}

impl Operation {
    /// Returns the operation at a path of one of Clerk's APIs.
    pub(super) fn find(api: Api, method: &Method, path: &str) -> Option<&'static Self> {
        let api = match api {
            Api::Frontend => "frontend",
            Api::Backend | Api::Machine => "backend",
            Api::Control | Api::Dashboard | Api::Oauth | Api::Page => return None,
        };
        let known = OPERATIONS.get(&key(api, method.as_str(), path));
        Some(known.unwrap_or(&WITHOUT_PARAMETERS))
    }

    fn parse(line: &'static str) -> Option<(String, Self)> {
        let mut words = line.split(' ');
        let (api, method, path) = (words.next()?, words.next()?, words.next()?);
        let mut operation = Self {
            checks_texts: api == "backend",
            ..Self::default()
        };
        for word in words {
            match word.split_once(':') {
                None => operation.is_closed = true,
                Some((name, kind)) => {
                    let (fields, name) = match name.strip_prefix('?') {
                        Some(name) => (&mut operation.query, name),
                        None => (&mut operation.body, name),
                    };
                    fields.insert(name, Type::parse(kind));
                }
            }
        }
        let key = key(api, method, path);
        for (_, names) in EARLIER.iter().filter(|(earlier, _)| *earlier == key) {
            operation.body.extend(names.iter().map(|name| (*name, Type::Any)));
        }
        let lacking = LACKING.iter().find(|(operation, _)| *operation == key);
        operation.lacking = lacking.map_or(&[][..], |(_, names)| *names);
        Some((key, operation))
    }

    /// Fails if a request has a parameter that the operation would ignore.
    pub(super) fn check(&self, query: &Params, body: &Params) -> Result<(), ApiError> {
        self.check_each(query, &self.query, true)?;
        for (name, bounds) in PAGE {
            query.number_in(name, bounds)?;
        }
        let is_later = query
            .text("__clerk_api_version")
            .is_some_and(|version| version > VERSION);
        for item in body.each() {
            if self.is_closed
                && !is_later
                && let Some((unknown, _)) = item.values().find(|(name, _)| !self.body.contains_key(*name))
            {
                return Err(ApiError::unknown_param(unknown));
            }
            self.check_each(item, &self.body, false)?;
        }
        Ok(())
    }

    fn check_each(
        &self,
        params: &Params,
        types: &BTreeMap<&str, Type>,
        in_query: bool,
    ) -> Result<(), ApiError> {
        for (name, value) in params.values() {
            match types.get(name) {
                Some(Type::Text(_) | Type::Texts(_)) if !self.checks_texts => {}
                Some(kind) => kind.check(name, value, in_query)?,
                None => {}
            }
            if self.lacking.contains(&name) && !is_blank(value) {
                return Err(ApiError::not_on_this_machine(&format!("choice of {name}")));
            }
        }
        Ok(())
    }
}

impl Type {
    fn parse(text: &'static str) -> Self {
        let (name, allowed) = text.split_once('(').unwrap_or((text, ""));
        let allowed = allowed.trim_end_matches(')');
        let values = || allowed.split('|').filter(|value| !value.is_empty()).collect();
        match name {
            "string" => Self::Text(values()),
            "strings" => Self::Texts(values()),
            "boolean" => Self::Flag,
            "integer" => {
                let (low, high) = allowed.split_once("..").unwrap_or_default();
                let or = |text: &str, default: i64| text.parse().unwrap_or(default);
                Self::Integer(or(low, i64::MIN)..=or(high, i64::MAX))
            }
            _ => Self::Any,
        }
    }

    /// Checks a value. In a query, a text may be repeated.
    fn check(&self, name: &str, value: &Value, in_query: bool) -> Result<(), ApiError> {
        match (self, value) {
            (Self::Any, _) | (_, Value::Null) | (Self::Flag, Value::Bool(_)) => Ok(()),
            // In a form, this is how `null` is written.
            (_, Value::String(text)) if text.is_empty() => Ok(()),
            (Self::Text(allowed), Value::String(text)) => one_of(name, text, allowed),
            (Self::Text(allowed), Value::Array(values)) if in_query => {
                let mut texts = values.iter().filter_map(Value::as_str);
                texts.try_for_each(|text| one_of(name, text, allowed))
            }
            (Self::Texts(allowed), Value::String(text)) => {
                let mut texts = text.split(',');
                texts.try_for_each(|text| one_of(name, text, allowed))
            }
            (Self::Texts(allowed), Value::Array(values)) => values.iter().try_for_each(|value| {
                let text = value.as_str().ok_or_else(|| self.invalid(name))?;
                one_of(name, text, allowed)
            }),
            (Self::Flag, Value::String(text)) if matches!(text.as_str(), "true" | "false") => Ok(()),
            (Self::Integer(bounds), _) => {
                let number = whole(value).ok_or_else(|| self.invalid(name))?;
                if bounds.contains(&number) {
                    return Ok(());
                }
                Err(ApiError::value_invalid(
                    name,
                    format!("{name} {}.", outside(bounds)),
                ))
            }
            _ => Err(self.invalid(name)),
        }
    }

    /// The error that a parameter is of another type.
    fn invalid(&self, name: &str) -> ApiError {
        let kind = match self {
            Self::Text(_) => "string",
            Self::Texts(_) => "array of strings",
            Self::Flag => "boolean",
            Self::Integer(_) => "integer",
            Self::Any => "value",
        };
        ApiError::type_invalid(name, kind)
    }
}

/// Tells whether a value asks for nothing.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty() || text == "false",
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

/// Says which numbers are allowed.
fn outside(bounds: &RangeInclusive<i64>) -> String {
    match (*bounds.start(), *bounds.end()) {
        (low, i64::MAX) => format!("must be at least {low}"),
        (i64::MIN, high) => format!("must be at most {high}"),
        (low, high) => format!("must be between {low} and {high}"),
    }
}

fn one_of(name: &str, text: &str, allowed: &[&str]) -> Result<(), ApiError> {
    if allowed.is_empty() || allowed.contains(&text) {
        return Ok(());
    }
    let allowed = allowed.join(", ");
    let message =
        format!("{text} does not match the allowed values for parameter {name}. Allowed values: {allowed}");
    Err(ApiError::value_invalid(name, message))
}

/// Identifies an operation whatever its path parameters are called.
fn key(api: &str, method: &str, path: &str) -> String {
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment })
        .collect();
    format!("{api} {method} {}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_parsed() {
        let (key, operation) = Operation::parse(
            "backend GET /v1/users/{user_id}/x closed ?limit:integer(1..500) ?at:integer names:strings(a|b)",
        )
        .unwrap();
        assert_eq!(key, "backend GET /v1/users/{}/x");
        let check = |query: &str, body: &str| {
            let (query, body) = (
                Params::from_form(query.as_bytes()),
                Params::from_json(body.as_bytes()).unwrap(),
            );
            operation.check(&query, &body).map_err(|error| error.code)
        };
        for good in ["", "limit=1&at=-5&other=1", "limit=500", "limit=10.0", "limit="] {
            assert_eq!(check(good, "{}"), Ok(()), "{good}");
        }
        for good in [
            r#"{"names":["a","b"]}"#,
            r#"{"names":"a,b"}"#,
            r#"{"names":null}"#,
        ] {
            assert_eq!(check("", good), Ok(()), "{good}");
        }
        for (query, body, code) in [
            ("limit=0", "{}", "form_param_value_invalid"),
            ("limit=501", "{}", "form_param_value_invalid"),
            ("limit=1.5", "{}", "form_param_type_invalid"),
            ("limit=1&limit=2", "{}", "form_param_type_invalid"),
            ("at=99999999999999999999", "{}", "form_param_type_invalid"),
            ("", r#"{"names":["c"]}"#, "form_param_value_invalid"),
            ("", r#"{"names":[1]}"#, "form_param_type_invalid"),
            ("", r#"{"names":true}"#, "form_param_type_invalid"),
            ("", r#"{"name":"a"}"#, "form_param_unknown"),
            ("", r#"[{"names":["a"]},{"name":"a"}]"#, "form_param_unknown"),
        ] {
            assert_eq!(check(query, body), Err(code), "{query} {body}");
        }
    }

    #[test]
    fn later_versions_may_have_other_fields() {
        let (_, operation) = Operation::parse("frontend POST /v1/x closed name:string").unwrap();
        let body = Params::from_form(b"name=a&hint=b");
        for (version, is_accepted) in [("2025-11-10", false), (VERSION, false), ("2026-08-20", true)] {
            let query = Params::from_form(format!("__clerk_api_version={version}").as_bytes());
            assert_eq!(operation.check(&query, &body).is_ok(), is_accepted, "{version}");
        }
    }

    #[test]
    fn operations_have_different_keys() {
        assert_eq!(OPERATIONS.len(), FIELDS.lines().count());
    }
}
