//! Plans and subscriptions, as a backend manages them.

use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Payer, Plan, Subscription, SubscriptionItem},
    store::links,
    view,
};

use super::users;

pub(super) fn plans(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut plans = cx.store.all::<Plan>()?;
    if let Some(payer) = payer(request)? {
        plans.retain(|plan| plan.payer == payer);
    }
    let plans: Vec<Value> = plans.iter().map(view::plan).collect();
    Ok(request.paginated(&plans))
}

pub(super) fn of_user(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    of(cx, &users::find(cx, request)?.id)
}

pub(super) fn of_organization(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    of(cx, &cx.organization(&request.path("id"))?.id)
}

fn of(cx: &Context<'_>, owner_id: &str) -> Result<Reply, Error> {
    let subscription = cx.subscription_or_error(owner_id)?;
    let mut json = view::subscription(&subscription, cx.now);
    for item in json["subscription_items"].as_array_mut().into_iter().flatten() {
        *item = without_amount(item.take());
    }
    if let Some(fields) = json.as_object_mut() {
        fields.retain(|name, value| name != "next_payment" || !value.is_null());
    }
    Ok(Reply::json(&json))
}

/// Lists the subscription items of all payers; free ones only when requested.
pub(super) fn items(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let query = &request.query;
    let payer = payer(request)?;
    let (status, plan_id) = (query.filled("status"), query.filled("plan_id"));
    let include_free = query.flag("include_free") == Some(true);
    let mut items = Vec::new();
    for mut subscription in cx.store.all::<Subscription>()? {
        subscription.advance_to(cx.now);
        let matching = subscription.items.iter().filter(|item| {
            payer.is_none_or(|payer| item.plan.payer == payer)
                && plan_id.is_none_or(|id| item.plan.id == id)
                && (include_free || item.plan.is_paid())
        });
        items.extend(
            matching
                .map(|item| json(cx, item, &subscription.owner_id))
                .filter(|json| status.is_none_or(|status| json["status"] == status)),
        );
    }
    Ok(request.paginated(&items))
}

/// Cancels an item at the end of its period, or immediately.
pub(super) fn cancel(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let id = request.path("item_id");
    let found = cx
        .store
        .linked::<Subscription>(&links::SUBSCRIPTION_ITEM, &[&id])?
        .into_iter()
        .find_map(|one| Some((one.items.iter().find(|item| item.id == id)?.plan.payer, one)));
    let not_found = || ApiError::not_found("paid subscription item", &id);
    let (payer, mut subscription) = found.ok_or_else(not_found)?;
    let free = Plan::default_of(&cx.store, payer)?.ok_or_else(not_found)?;
    let mut item = subscription.cancel(&id, &free, cx.now).ok_or_else(not_found)?;
    if request.query.flag("end_now") == Some(true) {
        item.period_end = Some(cx.now);
        subscription.switch(&free, item.period, cx.now);
    }
    cx.store.put(&subscription)?;
    Ok(Reply::json(&json(cx, &item, &subscription.owner_id)))
}

fn payer(request: &Request) -> Result<Option<Payer>, ApiError> {
    match request.query.filled("payer_type") {
        None => Ok(None),
        Some("user") => Ok(Some(Payer::User)),
        Some("org") => Ok(Some(Payer::Organization)),
        Some(other) => {
            let message = format!("payer_type cannot be {other}.");
            Err(ApiError::value_invalid("payer_type", message))
        }
    }
}

fn json(cx: &Context<'_>, item: &SubscriptionItem, owner_id: &str) -> Value {
    without_amount(view::subscription_item(item, owner_id, cx.now))
}

/// Removes the amount, which only browsers receive.
fn without_amount(mut item: Value) -> Value {
    if let Some(fields) = item.as_object_mut() {
        fields.remove("amount");
    }
    item
}
