//! What authentication reads of a request.

mod context;
mod cookie_selection;
mod cookies;
pub(crate) mod referrer;
pub(crate) mod url_query;
mod view;

pub(crate) use context::{Context, HandshakeKind, HandshakeResult};
pub use view::{RequestTargetError, RequestView};
