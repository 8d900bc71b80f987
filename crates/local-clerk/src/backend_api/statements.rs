//! Prices, and the statements and payments of all payers.

use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Organization, Payment, PaymentMethod, Plan, User},
    view,
};

/// Lists the prices of the plans, cheapest first.
pub(super) fn prices(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut plans = cx.store.all::<Plan>()?;
    if let Some(id) = request.query.filled("plan_id") {
        plans = vec![cx.load(id, "plan")?];
    }
    plans.sort_by_key(|plan| plan.monthly);
    let prices: Vec<Value> = plans.iter().map(view::price).collect();
    Ok(request.paginated(&prices))
}

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(request.paginated(&statements(cx)?))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&find(cx, request)?))
}

pub(super) fn payment_attempts(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut statement = find(cx, request)?;
    let mut attempts = Vec::new();
    for group in statement["groups"].as_array_mut().into_iter().flatten() {
        attempts.extend(
            group["items"]
                .as_array_mut()
                .into_iter()
                .flatten()
                .map(Value::take),
        );
    }
    Ok(request.paginated(&attempts))
}

fn find(cx: &Context<'_>, request: &Request) -> Result<Value, Error> {
    let id = request.path("statement_id");
    let mut all = statements(cx)?.into_iter();
    let found = all.find(|statement| statement["id"] == id.as_str());
    Ok(found.ok_or_else(|| ApiError::not_found("statement", &id))?)
}

/// Renders all statements of payers that are still there, newest first.
fn statements(cx: &Context<'_>) -> Result<Vec<Value>, Error> {
    let mut statements = Vec::new();
    for payment in cx.store.all::<Payment>()?.iter().rev() {
        let owner = &payment.owner_id;
        let payer = if let Some(user) = cx.store.get::<User>(owner)? {
            view::payer_of_user(cx, &user)
        } else if let Some(organization) = cx.store.get::<Organization>(owner)? {
            view::payer_of_organization(cx, &organization)
        } else {
            continue;
        };
        let method = cx.store.of::<PaymentMethod>(owner)?.pop();
        statements.push(view::statement(payment, &payer, method.as_ref()));
    }
    Ok(statements)
}
