//! What the servers of all apps with Clerk have in common, around the routes and pages that differ: the configuration from the
//! environment, the log and its traces, sessions, limits on the rate of requests, security headers, health checks and the files of
//! the site, in one service around the routes.
//!
//! [`config`] turns environment variables into the options of the other crates, of which an app takes those that it uses. A variable
//! of its own is read with the same [`config::Reader`], once it is in the list of [`config::variables`].

#![warn(missing_docs)]

mod app;
pub mod config;
pub mod csp_report;
pub mod health;
mod log;
mod process;
mod rate_limits;
mod redirect;
mod refusal;
pub mod search_engines;
mod security;
mod sessions;
mod static_files;
mod traces;

pub use self::{
    app::{App, AppParts, PanicResponse},
    log::{LogFormat, log_to_stdout},
    process::{listen, stop_signal},
    rate_limits::{RateLimits, UserLimit, UserLimitLayer},
    redirect::trim_trailing_slash,
    refusal::{json_error, refuse},
    security::{SecurityHeaders, SecurityHeadersError},
    sessions::Sessions,
    static_files::SiteRoot,
    traces::Traces,
};
