//! The server functions of Leptos, which only authenticated callers may call unless they are public.

use std::collections::HashSet;

use clerk_auth::{Auth, Denied};
use server_fn::{ServerFn, axum::server_fn_paths};

use crate::Rejection;

/// The paths of the server functions that are not public.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerFns {
    public: HashSet<&'static str>,
    gated: HashSet<&'static str>,
}

impl ServerFns {
    pub(crate) fn publish<F: ServerFn>(&mut self) {
        self.public.insert(F::PATH);
    }

    /// Reads the registered functions.
    pub(crate) fn registered(&self) -> Self {
        let paths = server_fn_paths().map(|(path, _)| path);
        Self {
            public: self.public.clone(),
            gated: paths.filter(|path| !self.public.contains(path)).collect(),
        }
    }

    /// Why the caller may not call the server function at this path, if there is one and it is so. A router may be nested
    /// below another path, so the end of the path counts.
    pub(crate) fn refuse(&self, path: &str, auth: &Auth) -> Option<Rejection> {
        let is_gated = || {
            path.match_indices('/')
                .any(|(start, _)| self.gated.contains(&path[start..]))
        };
        match auth {
            Auth::SignedOut(signed_out) if is_gated() => Some(match signed_out.retry_after {
                Some(retry_after) => Rejection::from(Denied::Unavailable { retry_after }),
                None => Rejection::SignedOut,
            }),
            _ => None,
        }
    }
}
