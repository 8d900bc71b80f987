//! Credits of users and organizations, as a backend manages them.

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::Payer,
    view,
};

use super::users;

/// More cents than any balance needs, and few enough for sums.
const MAX: i64 = 1_000_000_000_000;

pub(super) fn get(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner_id = owner_id(cx, request, kind)?;
    Ok(Reply::json(&view::credit_balance(cx.credit_balance(&owner_id)?)))
}

pub(super) fn adjust(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let (owner_id, body) = (owner_id(cx, request, kind)?, &request.body);
    let amount = body
        .number_in("amount", 1..=MAX)?
        .ok_or_else(|| ApiError::missing("amount"))?;
    let cents = match body.required("action")? {
        "increase" => amount,
        _ => -amount,
    };
    if let Some(currency) = body
        .filled("currency")
        .filter(|text| !text.eq_ignore_ascii_case("usd"))
    {
        let message = format!("currency must be USD, not {currency}: all plans have prices in USD.");
        return Err(ApiError::value_invalid("currency", message).into());
    }
    let (key, note) = (body.required("idempotency_key")?, body.filled("note"));
    let entry = cx.adjust_credits(&owner_id, cents, key, note)?;
    Ok(Reply::json(&view::credit_entry(&entry)))
}

fn owner_id(cx: &Context<'_>, request: &Request, kind: Payer) -> Result<String, Error> {
    Ok(match kind {
        Payer::User => users::find(cx, request)?.id,
        Payer::Organization => cx.organization(&request.path("id"))?.id,
    })
}
