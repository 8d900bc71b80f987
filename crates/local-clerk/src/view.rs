//! How stored things look in JSON.

mod attempt;
mod billing;
mod client;
mod domain;
mod external_account;
mod invitation;
mod organization;
mod session;
mod user;

pub(super) use attempt::{first_factors, second_factors};
pub(super) use billing::{
    checkout, list, payer_id, payment_attempt, payment_method, plan, statement, subscription,
    subscription_item,
};
pub(super) use invitation::{application_invitation, waitlist_entry};
pub(super) use organization::role;

use serde_json::{Value, json};

/// Something that is gone.
pub(super) fn deleted(object: &str, id: &str) -> Value {
    json!({ "object": object, "id": id, "deleted": true })
}
