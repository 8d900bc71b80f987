//! HTTP: routing, requests, replies and cookies. Each request is answered within one transaction.

mod answer;
pub(crate) mod cookies;
mod host_guard;
mod observe;
mod params;
mod public_url;
mod recorder;
mod reply;
mod request;
mod request_log;
mod router;
mod shared;

pub(crate) use answer::WAIT;
pub(crate) use params::Params;
pub(crate) use recorder::Recorder;
pub(crate) use reply::Reply;
pub(crate) use request::{BODY_LIMIT, Request};
pub(crate) use request_log::{Endpoint, Entry, RequestLog};
pub(crate) use router::{Api, Finish, Handler, Route, RouteGroup, router};
pub(crate) use shared::Shared;
