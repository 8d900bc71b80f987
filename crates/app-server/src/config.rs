//! The configuration: environment variables and the `.env` file, read once at startup and checked as a whole.
//!
//! ```
//! use app_server::config::{CspConfig, Environment, Reader, SessionConfig};
//!
//! let environment: Environment = [("CSP_REPORT_ONLY", "yes"), ("SESSION_MAX_AGE", "0")].into_iter().collect();
//! let mut reader = Reader::new(&environment);
//! CspConfig::read(&mut reader);
//! SessionConfig::read(&mut reader);
//! let errors: Vec<String> = reader.into_errors().iter().map(ToString::to_string).collect();
//! assert_eq!(
//!     errors,
//!     [
//!         "CSP_REPORT_ONLY is \"yes\": set it to `true` or `false`",
//!         "SESSION_MAX_AGE is \"0\": set it to a number of days from 1 to 365",
//!     ]
//! );
//! ```

mod csp;
mod environment;
mod limits;
mod local_clerk;
mod operation;
mod reader;
mod session;
mod site;
mod source;
mod trust;

pub use self::{
    csp::CspConfig,
    environment::{Environment, variables},
    limits::read_limits,
    local_clerk::{LocalClerkConfig, LocalData, LocalInstance, LocalWebhooks},
    operation::{read_log_filter, read_log_format, read_metrics_addr, read_otlp_endpoint, read_rate_limit},
    reader::{ConfigError, Reader},
    session::SessionConfig,
    site::{read_app_url, read_leptos_options},
    source::ClerkSource,
    trust::read_trust,
};
