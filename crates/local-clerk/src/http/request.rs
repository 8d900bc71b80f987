//! A request, read completely before a transaction begins.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Multipart},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, Method, header};
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    model::{Device, Upload},
    store::Document,
};

use super::{Api, Params, Reply, Shared, contract::Operation, headers};

/// The largest accepted body, in bytes: enough for a profile picture and for any form.
pub(crate) const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The largest accepted body of a control request, in bytes: enough for an export with all its pictures.
const CONTROL_BODY_LIMIT: usize = 256 * 1024 * 1024;

/// How many characters of a `User-Agent` are kept.
const MAX_USER_AGENT: usize = 512;

/// Entries on a page unless `limit` says otherwise, and the most that it can ask for.
const PAGE_SIZE: i64 = 10;
pub(super) const MAX_PAGE_SIZE: i64 = 500;

/// A request to one of the routes.
pub(crate) struct Request {
    pub(crate) shared: Arc<Shared>,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Params,
    pub(crate) body: Params,
    pub(crate) upload: Option<Upload>,
    /// The body of a control request as it was sent; `body` is empty then.
    pub(crate) raw: Vec<u8>,
    /// That of the route, or HEAD.
    pub(crate) method: Method,
    /// `None` if Clerk has no such endpoints.
    operation: Option<&'static Operation>,
    path: Vec<(String, String)>,
}

impl Request {
    /// Reads a request whose route has this operation and these path parameters.
    ///
    /// # Errors
    /// If the body is malformed or too large.
    pub(super) async fn read(
        request: axum::extract::Request,
        api: Api,
        operation: Option<&'static Operation>,
        path: Vec<(String, String)>,
        shared: Arc<Shared>,
    ) -> Result<Self, ApiError> {
        let headers = request.headers().clone();
        let method = request.method().clone();
        let query = Params::from_form(request.uri().query().unwrap_or_default().as_bytes());
        let (mut body, mut upload, mut raw) = (Params::default(), None, Vec::new());
        if api == Api::Control {
            raw = read_bytes(request, CONTROL_BODY_LIMIT).await?.into();
        } else {
            (body, upload) = read_body(request).await?;
        }
        Ok(Self {
            shared,
            headers,
            query,
            body,
            upload,
            raw,
            method,
            operation,
            path,
        })
    }

    /// Fails if the endpoint would ignore a parameter.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        match self.operation {
            Some(operation) => operation.check(&self.query, &self.body),
            None => Ok(()),
        }
    }

    /// Returns a path parameter, or the empty string if the route has none with this name.
    pub(crate) fn path(&self, name: &str) -> String {
        self.path
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    /// Returns the value of a header that is there once and is UTF-8.
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        headers::one(&self.headers, name)
    }

    /// Returns the first cookie with this name.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        headers::parts(&self.headers, header::COOKIE, b';')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
    }

    /// Returns the bearer token of the `Authorization` header.
    pub(crate) fn bearer(&self) -> Option<&str> {
        authorization(&self.headers, "bearer")
    }

    /// Returns the user name and the password of the `Authorization` header.
    pub(crate) fn basic(&self) -> Option<(String, String)> {
        basic_credentials(&self.headers)
    }

    /// Describes the device that sent the request, as far as its headers tell.
    pub(super) fn device(&self) -> Device {
        let user_agent = headers::lossy(&self.headers, header::USER_AGENT);
        let address = headers::address(&self.headers, "x-forwarded-for");
        Device {
            user_agent: user_agent.chars().take(MAX_USER_AGENT).collect(),
            ip_address: address.map(|address| address.to_string()),
        }
    }

    /// Loads the document identified by path parameter `name`; `what` names its kind in the error.
    pub(crate) fn load<D: Document>(&self, cx: &Context<'_>, name: &str, what: &str) -> Result<D, Error> {
        cx.load(&self.path(name), what)
    }

    /// Sorts a list by the field in `order_by`, which must be one of these: newest first by default.
    pub(crate) fn sort(&self, all: &mut [Value], fields: &[&str]) -> Result<(), ApiError> {
        let order = self.query.first("order_by").unwrap_or("-created_at");
        let field = order.trim_start_matches(['+', '-', ' ']);
        if !fields.contains(&field) {
            let message = format!("order_by cannot be {order}.");
            return Err(ApiError::value_invalid("order_by", message));
        }
        all.sort_by_cached_key(|one| (one[field].as_i64(), one[field].as_str().map(str::to_lowercase)));
        if order.starts_with('-') {
            all.reverse();
        }
        Ok(())
    }

    /// Whether the query asks for a whole list by the time of creation, and then for the newest first; `None` if it has parameters
    /// other than those of a page and these, or asks for another order.
    pub(crate) fn newest_first(&self, others: &[&str]) -> Option<bool> {
        let known: Vec<&str> = ["limit", "offset", "order_by"]
            .iter()
            .chain(others)
            .copied()
            .collect();
        self.query.only(&known).ok()?;
        match self.query.first("order_by").unwrap_or("-created_at") {
            "-created_at" => Some(true),
            "created_at" | "+created_at" | " created_at" => Some(false),
            _ => None,
        }
    }

    /// Returns the page of a list that `limit` and `offset` select.
    pub(crate) fn paginate<'v, T>(&self, all: &'v [T]) -> &'v [T] {
        let (offset, limit) = self.page();
        let start = offset.min(all.len());
        let end = start.saturating_add(limit).min(all.len());
        &all[start..end]
    }

    /// Returns how many entries to skip, and how many to return at most.
    pub(crate) fn page(&self) -> (usize, usize) {
        let number = |name, default| {
            let number = self.query.number(name).unwrap_or(default);
            usize::try_from(number).unwrap_or_default()
        };
        (number("offset", 0), number("limit", PAGE_SIZE))
    }

    /// Replies with a page of a list and the list's total.
    pub(crate) fn paginated(&self, all: &[Value]) -> Reply {
        Reply::json(&json!({ "data": self.paginate(all), "total_count": all.len() }))
    }

    /// Replies with a page of a list, without the total unless `paginated` asks for it.
    pub(crate) fn bare_or_paginated(&self, all: &[Value]) -> Reply {
        match self.query.flag("paginated") {
            Some(true) => self.paginated(all),
            _ => Reply::json(&json!(self.paginate(all))),
        }
    }
}

/// Returns the credentials of the `Authorization` header, if they are of this scheme.
pub(super) fn authorization<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let authorization = headers::one(headers, header::AUTHORIZATION)?;
    let (given, credentials) = authorization.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
}

/// Returns the user name and the password of HTTP Basic authentication.
pub(super) fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let bytes = STANDARD.decode(authorization(headers, "basic")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

async fn read_body(request: axum::extract::Request) -> Result<(Params, Option<Upload>), ApiError> {
    let content_type = headers::lossy(request.headers(), header::CONTENT_TYPE).to_ascii_lowercase();
    let content_type = content_type.split(';').next().unwrap_or_default().trim();
    if content_type == "multipart/form-data" {
        return Ok((Params::default(), read_file(request).await?));
    }
    let bytes = read_bytes(request, BODY_LIMIT).await?;
    if content_type == "application/octet-stream" {
        Ok((Params::default(), Some(Upload::from_base64(&bytes)?)))
    } else if content_type == "application/json" {
        Ok((Params::from_json(&bytes)?, None))
    } else {
        Ok((Params::from_form(&bytes), None))
    }
}

async fn read_bytes(request: axum::extract::Request, limit: usize) -> Result<Bytes, ApiError> {
    axum::body::to_bytes(request.into_body(), limit)
        .await
        .map_err(|_| ApiError::body_too_large())
}

/// Reads the file of a multipart form; its other fields are not used by any endpoint.
async fn read_file(request: axum::extract::Request) -> Result<Option<Upload>, ApiError> {
    let malformed = |error: &dyn std::error::Error| ApiError::malformed_body(error.to_string());
    let mut upload = None;
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| malformed(&error))?;
    while let Some(field) = form.next_field().await.map_err(|error| malformed(&error))? {
        if field.name() == Some("file") {
            let bytes = field.bytes().await.map_err(|_| ApiError::body_too_large())?;
            upload = Some(Upload::new(&bytes)?);
        }
    }
    Ok(upload)
}
