//! A request, read completely before a transaction begins.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Multipart},
};
use http::{HeaderMap, HeaderName, Method, header};
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    model::{Device, Upload},
    store::Document,
};

use super::{Api, Params, Reply, Shared};

/// The largest accepted body, in bytes: enough for a profile picture and for any form.
pub(crate) const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The largest accepted body of a control request, in bytes: enough for an export with all its pictures.
const CONTROL_BODY_LIMIT: usize = 256 * 1024 * 1024;

/// Entries on a page unless `limit` says otherwise, and the most that it can ask for.
const PAGE_SIZE: usize = 10;
const MAX_PAGE_SIZE: usize = 500;

/// A request to one of the routes. Its method is not part of it, except for HEAD: a route has exactly one.
pub(crate) struct Request {
    pub(crate) shared: Arc<Shared>,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Params,
    pub(crate) body: Params,
    pub(crate) upload: Option<Upload>,
    /// The body of a control request as it was sent; `body` is empty then.
    pub(crate) raw: Vec<u8>,
    /// Whether only the headers of the reply are asked for.
    pub(super) is_head: bool,
    path: Vec<(String, String)>,
}

impl Request {
    /// Reads a request whose route has these path parameters.
    ///
    /// # Errors
    /// If the body is malformed or too large.
    pub(super) async fn read(
        request: axum::extract::Request,
        api: Api,
        path: Vec<(String, String)>,
        shared: Arc<Shared>,
    ) -> Result<Self, ApiError> {
        let headers = request.headers().clone();
        let is_head = request.method() == Method::HEAD;
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
            is_head,
            path,
        })
    }

    /// Returns a path parameter, or the empty string if the route has none with this name.
    pub(crate) fn path(&self, name: &str) -> String {
        self.path
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    /// Returns the value of a header that is valid UTF-8.
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the first cookie with this name.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
    }

    /// Returns the bearer token of the `Authorization` header.
    pub(crate) fn bearer(&self) -> Option<&str> {
        authorization(&self.headers, "bearer")
    }

    /// Describes the device that sent the request, as far as its headers tell.
    pub(super) fn device(&self) -> Device {
        let text = |name: &str| self.headers.get(name).and_then(|value| value.to_str().ok());
        Device {
            user_agent: text(header::USER_AGENT.as_str()).unwrap_or_default().to_owned(),
            ip_address: text("x-forwarded-for")
                .and_then(|all| all.split(',').next())
                .map(|ip| ip.trim().to_owned()),
        }
    }

    /// Loads the document identified by path parameter `name`; `what` names its kind in the error.
    pub(crate) fn load<D: Document>(&self, cx: &Context<'_>, name: &str, what: &str) -> Result<D, Error> {
        cx.load(&self.path(name), what)
    }

    /// Returns the page of a list that `limit` and `offset` select.
    pub(crate) fn paginate<'v>(&self, all: &'v [Value]) -> &'v [Value] {
        let number = |name, default| {
            self.query
                .number(name)
                .and_then(|number| usize::try_from(number).ok())
                .unwrap_or(default)
        };
        let start = number("offset", 0).min(all.len());
        let end = start
            .saturating_add(number("limit", PAGE_SIZE).clamp(1, MAX_PAGE_SIZE))
            .min(all.len());
        &all[start..end]
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
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (given, credentials) = authorization.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
}

async fn read_body(request: axum::extract::Request) -> Result<(Params, Option<Upload>), ApiError> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    if content_type.starts_with("multipart/form-data") {
        return Ok((Params::default(), read_file(request).await?));
    }
    let bytes = read_bytes(request, BODY_LIMIT).await?;
    if content_type == "application/octet-stream" {
        Ok((Params::default(), Some(Upload::from_base64(&bytes)?)))
    } else if content_type.starts_with("application/json") {
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
