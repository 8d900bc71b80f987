//! The server redirects in a layer, before anything is rendered.

use clerk_auth::ProtectedPaths;

use crate::store::Clerk;

pub(super) const fn redirect(_clerk: Clerk, _paths: ProtectedPaths) {}
