//! One call: a request, the transaction that it runs in, and what both APIs need of the rest.

use std::{path::PathBuf, sync::Arc};

use axum::extract::{FromRequest as _, Multipart, RawPathParams, Request};
use http::{HeaderMap, Method, header};
use serde_json::{Value, json};

use super::{
    errors::{ApiError, Error},
    frontend_api, id,
    images::Upload,
    keys::Keys,
    model::{Organization, User},
    params::Params,
    public_url::PublicUrl,
    recorder::Recorder,
    reply::Reply,
    seed::Seed,
    store::{Document, Store},
    webhooks::{self, Webhooks},
};

/// Enough for a profile picture, and for any form.
pub(super) const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// A call's own part. An error undoes everything; an error that must be remembered is a reply.
pub(super) type Handler = fn(&mut Call<'_>) -> Result<Reply, Error>;

/// One endpoint: method, path, and what answers it.
pub(super) type Route = (Method, &'static str, Handler);

/// Whose call it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    /// A browser's.
    Frontend,
    /// A server's, which holds the secret key.
    Backend,
    /// A server's or a machine's, which the handler tells apart by the key.
    Machine,
    /// Anybody's of this machine: the developer's page.
    Page,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) keys: Keys,
    pub(super) seed: Seed,
    /// The host and port that it listens on.
    pub(super) own: String,
    /// Where browsers reach the app beside it, if there is one.
    pub(super) app: Option<PublicUrl>,
    pub(super) npm_dir: PathBuf,
    pub(super) recorder: Option<Recorder>,
    pub(super) connection: tokio_rusqlite::Connection,
    /// None: nobody is told of events.
    pub(super) webhooks: Option<Webhooks>,
}

pub(super) struct Call<'a> {
    pub(super) store: Store<'a>,
    pub(super) shared: &'a Shared,
    pub(super) keys: &'a Keys,
    pub(super) now: i64,
    pub(super) url: PublicUrl,
    pub(super) headers: HeaderMap,
    pub(super) query: Params,
    pub(super) body: Params,
    pub(super) upload: Option<Upload>,
    /// The value of a `__client` cookie to set in production; empty to remove it.
    pub(super) client_cookie: Option<String>,
    path: Vec<(String, String)>,
}

impl Call<'_> {
    /// A parameter of the path; empty if the route has none of that name.
    pub(super) fn path(&self, name: &str) -> String {
        self.path
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    /// The key that was sent.
    pub(super) fn bearer(&self) -> Option<&str> {
        bearer(&self.headers)
    }

    /// Fails unless this is a user's or an organization's id.
    pub(super) fn check_subject(&self, id: &str) -> Result<(), Error> {
        let is_known = match id.split('_').next() {
            Some("user") => self.store.get::<User>(id)?.is_some(),
            Some("org") => self.store.get::<Organization>(id)?.is_some(),
            _ => false,
        };
        if is_known {
            return Ok(());
        }
        Err(ApiError::not_found("user or organization", id).into())
    }

    /// The document whose id the path has under this name.
    pub(super) fn named<D: Document>(&self, name: &str, what: &str) -> Result<D, Error> {
        let id = self.path(name);
        Ok(self
            .store
            .get::<D>(&id)?
            .ok_or_else(|| ApiError::not_found(what, &id))?)
    }

    /// A page of a list that is bare unless `paginated` asks for its total.
    pub(super) fn bare_or_paginated(&self, all: &[Value]) -> Reply {
        match self.query.flag("paginated") {
            Some(true) => self.paginated(all),
            _ => Reply::json(&json!(self.page(all))),
        }
    }

    /// A page of a list, with its total.
    pub(super) fn paginated(&self, all: &[Value]) -> Reply {
        Reply::json(&json!({ "data": self.page(all), "total_count": all.len() }))
    }

    /// Does something with each object of a body that is a list of them.
    pub(super) fn each_item(
        &mut self,
        act: impl Fn(&mut Self) -> Result<Value, Error>,
    ) -> Result<Value, Error> {
        let items = self.body.items()?;
        let results: Result<Vec<Value>, Error> = items
            .into_iter()
            .map(|item| {
                self.body = item;
                act(self)
            })
            .collect();
        Ok(Value::Array(results?))
    }

    /// The part of a list that `limit` and `offset` ask for.
    pub(super) fn page<'v>(&self, all: &'v [Value]) -> &'v [Value] {
        let number = |name, default| {
            self.query
                .number(name)
                .and_then(|number| usize::try_from(number).ok())
                .unwrap_or(default)
        };
        let start = number("offset", 0).min(all.len());
        let end = start
            .saturating_add(number("limit", 10).clamp(1, 500))
            .min(all.len());
        &all[start..end]
    }
}

/// Reads the request, runs the handler in a transaction, and answers.
pub(super) async fn answer(
    shared: Arc<Shared>,
    api: Api,
    handler: Handler,
    path: Vec<(String, String)>,
    request: Request,
) -> Reply {
    if api == Api::Backend
        && let Err(error) = check_secret_key(&shared.keys, request.headers())
    {
        return error.into();
    }
    let incoming = match Incoming::read(request, path).await {
        Ok(incoming) => incoming,
        Err(error) => return error.into(),
    };
    let connection = shared.connection.clone();
    let outcome = connection
        .call(move |connection| incoming.run(connection, &shared, api, handler))
        .await;
    outcome.unwrap_or_else(|error| match error {
        tokio_rusqlite::Error::Error(Error::Api(error)) => error.into(),
        error => {
            tracing::error!(%error, "the local Clerk could not answer");
            ApiError::internal().into()
        }
    })
}

pub(super) fn path_params(params: &RawPathParams) -> Vec<(String, String)> {
    params
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

struct Incoming {
    headers: HeaderMap,
    query: Params,
    body: Params,
    upload: Option<Upload>,
    path: Vec<(String, String)>,
}

impl Incoming {
    async fn read(request: Request, path: Vec<(String, String)>) -> Result<Self, ApiError> {
        let headers = request.headers().clone();
        let query = Params::from_form(request.uri().query().unwrap_or_default().as_bytes());
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let (mut body, mut upload) = (Params::default(), None);
        if content_type.starts_with("multipart/form-data") {
            let malformed = |error: &dyn std::error::Error| ApiError::malformed_body(error.to_string());
            let mut form = Multipart::from_request(request, &())
                .await
                .map_err(|error| malformed(&error))?;
            while let Some(field) = form.next_field().await.map_err(|error| malformed(&error))? {
                if field.name() == Some("file") {
                    let bytes = field.bytes().await.map_err(|_| ApiError::body_too_large())?;
                    upload = Some(Upload::new(&bytes)?);
                }
            }
        } else {
            let is_json = content_type.starts_with("application/json");
            let bytes = axum::body::to_bytes(request.into_body(), BODY_LIMIT)
                .await
                .map_err(|_| ApiError::body_too_large())?;
            if content_type == "application/octet-stream" {
                upload = Some(Upload::from_base64(&bytes)?);
            } else if is_json {
                body = Params::from_json(&bytes)?;
            } else {
                body = Params::from_form(&bytes);
            }
        }
        Ok(Self {
            headers,
            query,
            body,
            upload,
            path,
        })
    }

    fn run(
        self,
        connection: &mut rusqlite::Connection,
        shared: &Shared,
        api: Api,
        handler: Handler,
    ) -> Result<Reply, Error> {
        let mut call = Call {
            store: Store::begin(connection)?,
            shared,
            keys: &shared.keys,
            now: id::now(),
            url: PublicUrl::of(&self.headers, &shared.own),
            headers: self.headers,
            query: self.query,
            body: self.body,
            upload: self.upload,
            client_cookie: None,
            path: self.path,
        };
        match api {
            Api::Frontend => call.remember_url()?,
            Api::Backend | Api::Machine => call.recall_url()?,
            Api::Page => {}
        }
        let mut reply = handler(&mut call)?;
        if api == Api::Frontend {
            reply = frontend_api::with_client_cookies(&call, reply)?;
        }
        if api != Api::Page {
            webhooks::record(&call)?;
        }
        call.store.commit()?;
        Ok(reply)
    }
}

fn check_secret_key(keys: &Keys, headers: &HeaderMap) -> Result<(), ApiError> {
    if bearer(headers).is_some_and(|key| keys.is_secret_key(key)) {
        Ok(())
    } else {
        Err(ApiError::secret_key_invalid())
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}
