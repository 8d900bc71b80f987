//! Plans and subscriptions, as a backend handles them.

use serde_json::Value;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{Subscription, SubscriptionItem},
        plans::{Payer, Plan},
        reply::Reply,
        view,
    },
    users,
};

pub(super) fn plans(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut plans = call.store.all::<Plan>()?;
    if let Some(payer) = payer(call)? {
        plans.retain(|plan| plan.payer == payer);
    }
    let plans: Vec<Value> = plans.iter().map(view::plan).collect();
    Ok(call.paginated(&plans))
}

pub(super) fn of_user(call: &mut Call<'_>) -> Result<Reply, Error> {
    of(call, &users::named(call)?.id)
}

pub(super) fn of_organization(call: &mut Call<'_>) -> Result<Reply, Error> {
    of(call, &call.organization(&call.path("id"))?.id)
}

fn of(call: &Call<'_>, owner_id: &str) -> Result<Reply, Error> {
    let subscription = call.subscription_or_error(owner_id)?;
    let mut json = view::subscription(&subscription, call.now);
    for item in json["subscription_items"].as_array_mut().into_iter().flatten() {
        *item = without_amount(item.take());
    }
    if let Some(fields) = json.as_object_mut() {
        fields.retain(|name, value| name != "next_payment" || !value.is_null());
    }
    Ok(Reply::json(&json))
}

/// The items of everybody; those that cost nothing if they are asked for.
pub(super) fn items(call: &mut Call<'_>) -> Result<Reply, Error> {
    let query = &call.query;
    let payer = payer(call)?;
    let (status, plan_id) = (query.filled("status"), query.filled("plan_id"));
    let include_free = query.flag("include_free") == Some(true);
    let mut items = Vec::new();
    for mut subscription in call.store.all::<Subscription>()? {
        subscription.settle(call.now);
        let wanted = subscription.items.iter().filter(|item| {
            payer.is_none_or(|payer| item.plan.payer == payer)
                && plan_id.is_none_or(|id| item.plan.id == id)
                && (include_free || item.plan.is_paid())
        });
        items.extend(
            wanted
                .map(|item| json(call, item, &subscription.owner_id))
                .filter(|json| status.is_none_or(|status| json["status"] == status)),
        );
    }
    Ok(call.paginated(&items))
}

/// To the end of its period, or at once.
pub(super) fn cancel(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.path("item_id");
    let all = call.store.all::<Subscription>()?;
    let found = all
        .into_iter()
        .find_map(|one| Some((one.items.iter().find(|item| item.id == id)?.plan.payer, one)));
    let not_found = || ApiError::not_found("paid subscription item", &id);
    let (payer, mut subscription) = found.ok_or_else(not_found)?;
    let free = Plan::default_of(&call.store, payer)?.ok_or_else(not_found)?;
    let mut item = subscription.cancel(&id, &free, call.now).ok_or_else(not_found)?;
    if call.query.flag("end_now") == Some(true) {
        item.period_end = Some(call.now);
        subscription.switch(&free, item.period, call.now);
    }
    call.store.put(&subscription)?;
    Ok(Reply::json(&json(call, &item, &subscription.owner_id)))
}

fn payer(call: &Call<'_>) -> Result<Option<Payer>, ApiError> {
    match call.query.filled("payer_type") {
        None => Ok(None),
        Some("user") => Ok(Some(Payer::User)),
        Some("org") => Ok(Some(Payer::Organization)),
        Some(other) => {
            let why = format!("payer_type cannot be {other}.");
            Err(ApiError::value_invalid("payer_type", why))
        }
    }
}

fn json(call: &Call<'_>, item: &SubscriptionItem, owner_id: &str) -> Value {
    without_amount(view::subscription_item(item, owner_id, call.now))
}

/// Browsers are told an amount, backends are not.
fn without_amount(mut item: Value) -> Value {
    if let Some(fields) = item.as_object_mut() {
        fields.remove("amount");
    }
    item
}
