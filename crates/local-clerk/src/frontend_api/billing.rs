//! Plans, subscriptions and checkouts of users and organizations. Nothing is ever charged: everyone has a test
//! card.

pub(super) mod checkouts;
mod owner;
pub(super) mod payments;

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Payer, PaymentMethod},
    view,
};

use super::answer;

use owner::Owner;

pub(super) fn plans(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let payer = match request.query.filled("payer_type") {
        Some("org" | "organization") => Payer::Organization,
        _ => Payer::User,
    };
    let plans: Vec<Value> = cx.plans_for(payer)?.iter().map(view::plan).collect();
    Ok(Reply::json(&view::list(&plans)))
}

pub(super) fn plan(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::plan(&cx.plan(&request.path("id"))?)))
}

pub(super) fn subscription(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    let subscription = cx.subscription_or_error(&owner.id)?;
    Ok(answer::without_client(&view::subscription(&subscription, cx.now)))
}

pub(super) fn subscription_items(
    cx: &mut Context<'_>,
    request: &Request,
    kind: Payer,
) -> Result<Reply, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    let items: Vec<Value> = cx
        .subscription_or_error(&owner.id)?
        .items
        .iter()
        .map(|item| view::subscription_item(item, &owner.id, cx.now))
        .collect();
    Ok(answer::without_client(&page(request, &items)))
}

pub(super) fn cancel(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    let item = cx.cancel_item(&owner.id, kind, &owner.item_id(request))?;
    Ok(answer::without_client(&view::subscription_item(
        &item, &owner.id, cx.now,
    )))
}

pub(super) fn payment_methods(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    let methods: Vec<Value> = cx
        .store
        .of::<PaymentMethod>(&owner.id)?
        .iter()
        .map(view::payment_method)
        .collect();
    Ok(answer::without_client(&page(request, &methods)))
}

/// Returns the page of a list that the query selects.
fn page(request: &Request, all: &[Value]) -> Value {
    json!({ "data": request.paginate(all), "total_count": all.len() })
}

/// Rejects new cards: the card form could only come from Stripe.
pub(super) fn no_card_form(_: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Err(ApiError::not_on_this_machine("card form: use the test card that every user has").into())
}

pub(super) fn remove_payment_method(
    cx: &mut Context<'_>,
    request: &Request,
    kind: Payer,
) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    cx.own_payment_method(&owner.id, &owner.item_id(request))?;
    Err(ApiError::not_on_this_machine("other card that could take its place").into())
}

pub(super) fn set_default_payment_method(
    cx: &mut Context<'_>,
    request: &Request,
    kind: Payer,
) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    let method = cx.own_payment_method(&owner.id, request.body.required("payment_method_id")?)?;
    Ok(answer::without_client(&view::payment_method(&method)))
}

pub(super) fn credits(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    let balance = cx.credit_balance(&owner.id)?;
    Ok(answer::without_client(&view::credit_balance(balance)))
}

pub(super) fn credit_history(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Owner::for_reading(cx, request, kind)?;
    Ok(answer::without_client(&page(request, &[])))
}
