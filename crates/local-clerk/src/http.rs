//! HTTP: routing, requests, replies and cookies. Each request is answered within one transaction.

mod answer;
mod contract;
pub(crate) mod cookies;
mod headers;
mod host_guard;
mod instances;
mod observe;
mod params;
mod public_url;
mod recorder;
mod reply;
mod request;
mod request_log;
mod router;
mod shared;

pub(crate) use instances::{Further, Instances};
pub(crate) use params::Params;
pub(crate) use recorder::Recorder;
pub(crate) use reply::Reply;
pub(crate) use request::{BODY_LIMIT, Request};
pub(crate) use request_log::{Endpoint, Entry, RequestLog, UnknownSinceStart};
pub(crate) use router::{Api, Finish, Handler, Route, RouteGroup, router};
pub(crate) use shared::Shared;
