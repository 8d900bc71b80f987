//! The server fetches nothing: it would not know how long to wait.

use std::rc::Rc;

use leptos::prelude::RwSignal;

use super::{Request, Step};
use crate::store::Clerk;

pub(super) fn start(
    _clerk: Clerk,
    _version: RwSignal<u32>,
    request: Box<dyn Fn() -> Option<Request>>,
    step: Rc<dyn Fn(Step)>,
) {
    drop((request, step));
}
