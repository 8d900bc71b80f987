//! Configuration: options, where they come from, and what is derived from them.

mod configuration;
mod env;
mod error;
pub(crate) mod hosts;
mod integrity;
mod options;
mod organization;
mod path_pattern;
mod publishable_key;
mod validation;

pub(crate) use configuration::Configuration;
pub use env::{EnvError, EnvErrors};
pub use error::OptionsError;
pub use options::{Options, PROXY_PATH};
pub use path_pattern::PatternError;
pub use publishable_key::{InstanceType, PublishableKey};
pub use validation::is_loopback;
