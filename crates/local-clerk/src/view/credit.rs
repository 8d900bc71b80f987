//! Credits.

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::model::{Checkout, CreditEntry, CreditSource};

use super::{billing::money, payer::payer_id};

pub(crate) fn credit_balance(cents: Option<i64>) -> Value {
    json!({ "object": "commerce_credit_balance", "balance": cents.map(money) })
}

pub(crate) fn credit_entry(entry: &CreditEntry) -> Value {
    let (source_type, source_id) = match &entry.source {
        CreditSource::Grant(id) => ("grant", id),
        CreditSource::Checkout(id) => ("checkout", id),
    };
    let created_at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(entry.created_at) * 1_000_000);
    json!({
        "object": "commerce_credit_ledger",
        "id": entry.id,
        "payer_id": payer_id(&entry.owner_id),
        "amount": money(entry.cents),
        "source_type": source_type,
        "source_id": source_id,
        "note": entry.note,
        "created_at": created_at.ok().and_then(|time| time.format(&Rfc3339).ok()),
    })
}

/// The credits in the totals of a checkout. `balance` is what there is now.
pub(super) fn of_checkout(checkout: &Checkout, applied: i64, balance: Option<i64>) -> Value {
    let Some(balance) = balance else {
        return Value::Null;
    };
    let remaining = if checkout.completed {
        balance
    } else {
        balance - applied
    };
    json!({
        "proration": null,
        "payer": { "remaining_balance": money(remaining), "applied_amount": money(applied) },
        "total": money(applied),
    })
}
