//! The server has no clerk-js to follow.

use std::rc::Rc;

use serde_json::Value;

use crate::{clerk_js::Path, store::Clerk};

pub(super) fn follow(_clerk: Clerk, _path: Path, update: Rc<dyn Fn(&Value)>) {
    drop(update);
}
