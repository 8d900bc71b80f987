//! Session stores for [tower-sessions](tower_sessions) in SQLite, Redis and PostgreSQL.
//!
//! [`Store`] is any of them, chosen by the text of a setting, see [`Location`]. All of them behave alike:
//!
//! - `create` chooses another id if the id is taken.
//! - `save` changes sessions that exist. A session that has been deleted or has expired meanwhile stays so: a slow
//!   request must not bring back what a sign-out has removed.
//! - A session ends when it has not been saved for as long as its expiry says, and in any case
//!   [`StoreOptions::max_age`] after it was created.
//! - A session may have an owner, see [`StoreOptions::owner`], with whom all of the owner's sessions can be deleted.
//! - After the server of the database has restarted, the next operation succeeds.
//!
//! Beside sessions, a store keeps [`Notice`]s: short-lived facts that every process that uses the store learns within
//! a second, see [`Store::watch`].

#![warn(missing_docs)]

mod best_effort;
mod layer;
mod location;
mod notice;
mod postgres;
mod record;
mod redis;
mod sqlite;
mod store;

pub use self::{
    best_effort::BestEffortStore,
    layer::{CookieOptions, SessionLayer, SessionService},
    location::{Location, LocationError},
    notice::Notice,
    store::{OpenError, Store, StoreOptions},
};
