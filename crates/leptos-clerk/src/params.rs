//! Parameters of clerk-js's methods.

use crate::{clerk_js::Argument, json::Json, props::Props};

/// Declares a type with the parameters of a method. Its values may be secrets, so that they are not shown for debugging.
macro_rules! params {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Default)]
        #[must_use]
        pub struct $name(pub(crate) $crate::props::Props);

        impl $name {
            /// No parameters.
            pub fn new() -> Self {
                Self::default()
            }

            /// Parameters that have no method here, as clerk-js names them. Those that are set by a method win.
            pub fn raw(mut self, raw: impl Into<$crate::json::Json>) -> Self {
                self.0.raw(raw.into());
                self
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl From<$name> for $crate::clerk_js::Argument {
            fn from(params: $name) -> Self {
                Self::Props(params.0)
            }
        }
    };
}

pub(crate) use params;

impl From<Props> for Argument {
    fn from(props: Props) -> Self {
        Self::Props(props)
    }
}

impl From<Json> for Argument {
    fn from(json: Json) -> Self {
        Self::Json(json)
    }
}
