//! The rules, over a [`Context`] of the store, the keys, the time and the public URL. Nothing here knows HTTP.

pub(crate) mod admission;
mod checkouts;
mod context;
mod credits;
pub(crate) mod email_links;
mod enrollment;
pub(crate) mod external_accounts;
pub(crate) mod factors;
pub(crate) mod id_tokens;
pub(crate) mod identifiers;
pub(crate) mod invitations;
pub(crate) mod mailbox;
pub(crate) mod members;
pub(crate) mod metadata;
pub(crate) mod new_contacts;
pub(crate) mod oauth;
pub(crate) mod oauth_provider;
pub(crate) mod organization_domains;
pub(crate) mod organizations;
pub(crate) mod passkeys;
mod plans;
mod public_url;
mod restrictions;
pub(crate) mod roles;
mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod social;
mod tasks;
mod tickets;
pub(crate) mod users;
mod waitlist;

pub(crate) use context::Context;
