//! Payments and their statements.

use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Payer, Payment, PaymentMethod},
    view,
};

use super::{owner::Owner, page};

use super::super::answer;

type PaymentView = fn(&Payment, &Value, Option<&PaymentMethod>) -> Value;

pub(crate) fn statements(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Ok(answer::without_client(&payments(
        cx,
        request,
        kind,
        view::statement,
    )?))
}

pub(crate) fn statement(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Ok(answer::without_client(&one(
        cx,
        request,
        kind,
        view::statement,
        "statement",
    )?))
}

pub(crate) fn payment_attempts(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Ok(Reply::json(&payments(cx, request, kind, view::payment_attempt)?))
}

pub(crate) fn payment_attempt(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Ok(Reply::json(&one(
        cx,
        request,
        kind,
        view::payment_attempt,
        "payment attempt",
    )?))
}

/// Lists the payer's payments, newest first.
fn payments(cx: &Context<'_>, request: &Request, kind: Payer, view: PaymentView) -> Result<Value, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    let all = payments_of(cx, &owner, view)?;
    Ok(page(request, &all))
}

fn payments_of(cx: &Context<'_>, owner: &Owner, view: PaymentView) -> Result<Vec<Value>, Error> {
    let method = cx.store.of::<PaymentMethod>(&owner.id)?.pop();
    let payments = cx.store.of::<Payment>(&owner.id)?;
    let payments = payments.iter().rev();
    Ok(payments
        .map(|payment| view(payment, &owner.json, method.as_ref()))
        .collect())
}

fn one(
    cx: &Context<'_>,
    request: &Request,
    kind: Payer,
    view: PaymentView,
    what: &str,
) -> Result<Value, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    let id = owner.item_id(request);
    let all = payments_of(cx, &owner, view)?;
    let found = all.iter().find(|one| one["id"] == id.as_str());
    Ok(found.cloned().ok_or_else(|| ApiError::not_found(what, &id))?)
}
