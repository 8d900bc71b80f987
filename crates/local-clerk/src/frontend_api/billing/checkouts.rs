//! Checkouts.

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Checkout, Payer, PaymentMethod},
    view,
};

use super::owner::Owner;

use super::super::answer;

pub(crate) fn create(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    let body = &request.body;
    let (plan, period) = (body.required("plan_id")?, body.filled("plan_period"));
    if let Some(method) = body.filled("payment_method_id") {
        cx.own_payment_method(&owner.id, method)?;
    }
    let checkout = cx.create_checkout(&owner.id, kind, plan, period)?;
    reply(cx, &owner, &checkout)
}

pub(crate) fn get(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    let checkout = cx.own_checkout(&owner.id, &owner.item_id(request))?;
    reply(cx, &owner, &checkout)
}

/// Rejects every promo code.
pub(crate) fn apply_promo_code(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    cx.own_checkout(&owner.id, &owner.item_id(request))?;
    let message = "The promo code is not valid.";
    Err(ApiError::form("promo_code_invalid", "promo_code", message).into())
}

/// Completes a checkout. The session's next token contains the new plan.
pub(crate) fn confirm(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    let mut checkout = cx.own_checkout(&owner.id, &owner.item_id(request))?;
    if let Some(method) = request.body.filled("payment_method_id")
        && !checkout.completed
    {
        cx.own_payment_method(&owner.id, method)?;
    }
    cx.confirm_checkout(&mut checkout)?;
    reply(cx, &owner, &checkout)
}

fn reply(cx: &Context<'_>, owner: &Owner, checkout: &Checkout) -> Result<Reply, Error> {
    let method = cx.store.of::<PaymentMethod>(&owner.id)?.pop();
    let (applied, balance) = (cx.applicable_credits(checkout)?, cx.credit_balance(&owner.id)?);
    let checkout = view::checkout(checkout, &owner.json, method.as_ref(), applied, balance);
    Ok(answer::without_client(&checkout))
}
