//! Fields of changes for which `null` has a meaning of its own.

use serde::{Serialize, Serializer};

/// What a change does to a field: leaves it alone, which is the default, removes its value, or sets it.
///
/// ```
/// use clerk_auth::api::{Nullable, UpdateUser};
///
/// let change = UpdateUser {
///     first_name: "Ada".into(),
///     username: Nullable::Null,
///     ..UpdateUser::default()
/// };
/// assert_eq!(serde_json::to_string(&change)?, r#"{"first_name":"Ada","username":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nullable<T> {
    /// The field stays as it is.
    #[default]
    Unchanged,
    /// The field has no value any more.
    Null,
    /// The new value.
    Value(T),
}

impl<T> Nullable<T> {
    pub(super) fn is_unchanged(&self) -> bool {
        matches!(self, Self::Unchanged)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Unchanged | Self::Null => serializer.serialize_none(),
        }
    }
}
