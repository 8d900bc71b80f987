//! The server protects paths in a layer, before anything is rendered.

use clerk_auth::ProtectedPaths;

use crate::store::Clerk;

pub(crate) const fn protect(_clerk: Clerk, _protected: ProtectedPaths) {}
