//! Mistakes in the environment.

use std::fmt::{self, Display};

use crate::backend::config::error::OptionsError;

/// One mistake in the environment, in one line: the variable, what is wrong with it, and what to do. Never
/// contains a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EnvError(pub(crate) String);

/// Every mistake in the environment, one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvErrors(pub(crate) Vec<EnvError>);

impl Display for EnvErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for EnvErrors {}

impl From<EnvError> for EnvErrors {
    fn from(error: EnvError) -> Self {
        Self(vec![error])
    }
}

impl IntoIterator for EnvErrors {
    type Item = EnvError;
    type IntoIter = std::vec::IntoIter<EnvError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<OptionsError> for EnvError {
    fn from(error: OptionsError) -> Self {
        Self(error.to_string())
    }
}
