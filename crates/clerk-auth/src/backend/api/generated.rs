//! The calls and types of the API, generated from Clerk's contract by `scripts/backend-api/generate.mjs`.

use super::prelude;

pub(super) mod requests;
pub(super) mod resources;
pub(super) mod types;
