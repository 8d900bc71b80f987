//! Writes every reply of the two APIs to a file, one line of JSON each, to be validated against Clerk's contract.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    sync::{Mutex, PoisonError},
};

use axum::extract::Request;
use http::{Method, header};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Api, Reply, headers};

#[derive(Debug)]
pub(crate) struct Recorder(Mutex<File>);

impl Recorder {
    /// Opens the file for appending, so that several processes can share it.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Self(Mutex::new(file)))
    }

    /// Records a reply to `client`, the name of a program.
    pub(crate) fn record(&self, client: &str, api: Api, method: &Method, path: &str, reply: &Reply) {
        let api = match api {
            Api::Frontend | Api::Oauth => "frontend",
            Api::Backend | Api::Machine => "backend",
            Api::Control | Api::Dashboard | Api::Page => return,
        };
        let (status, body) = reply.parts();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let line = json!({
            "client": client,
            "api": api,
            "method": method.as_str(),
            "path": path,
            "status": status.as_u16(),
            "body": body,
        });
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One write for each line, so that the lines of several processes do not mix.
        if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
            tracing::error!(%error, "the local Clerk could not record a reply (LOCAL_CLERK_RECORD)");
        }
    }
}

/// The program that sends a request: clerk-js, which gives its version in the query, or what `User-Agent` says.
pub(super) fn client(request: &Request) -> String {
    let query = request.uri().query().unwrap_or_default();
    let version = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "_clerk_js_version");
    match version {
        Some((_, version)) => format!("@clerk/clerk-js@{version}"),
        None => headers::lossy(request.headers(), header::USER_AGENT).into_owned(),
    }
}
