//! Plans, subscriptions, checkouts and payments.

use serde_json::{Value, json};

use crate::model::{Checkout, Payer, Payment, PaymentMethod, Period, Plan, Subscription, SubscriptionItem};

use super::{credit, payer::payer_id};

/// The id of the instance in billing objects.
const INSTANCE_ID: &str = "ins_local";

/// Renders a complete list.
pub(crate) fn list(data: &[Value]) -> Value {
    json!({ "data": data, "total_count": data.len() })
}

pub(crate) fn plan(plan: &Plan) -> Value {
    let features: Vec<Value> = plan
        .features
        .iter()
        .map(|feature| {
            json!({
                "object": "feature",
                "id": format!("feat_local_{}", feature.slug),
                "name": feature.name,
                "description": feature.description,
                "slug": feature.slug,
                "avatar_url": null,
            })
        })
        .collect();
    json!({
        "object": "commerce_plan",
        "id": plan.id,
        "name": plan.name,
        "fee": money(plan.monthly.into()),
        "annual_monthly_fee": plan.annual_monthly.map(|cents| money(cents.into())),
        "annual_fee": plan.annual_monthly.map(|_| money(plan.amount(Period::Annual))),
        "description": plan.description,
        "product_id": "cprod_local",
        "is_default": plan.is_default,
        "is_recurring": plan.is_paid(),
        "publicly_visible": true,
        "has_base_fee": plan.is_paid(),
        "for_payer_type": match plan.payer {
            Payer::User => "user",
            Payer::Organization => "org",
        },
        "slug": plan.slug,
        "avatar_url": null,
        "free_trial_enabled": false,
        "free_trial_days": null,
        "features": features,
    })
}

/// Renders the price of a plan, which has one.
pub(crate) fn price(plan: &Plan) -> Value {
    json!({
        "object": "commerce_price",
        "id": price_id(plan),
        "plan_id": plan.id,
        "instance_id": INSTANCE_ID,
        "currency": "usd",
        "currency_symbol": "$",
        "amount": plan.monthly,
        "annual_monthly_amount": plan.annual_monthly.unwrap_or_default(),
        "fee": money(plan.monthly.into()),
        "annual_monthly_fee": plan.annual_monthly.map(|cents| money(cents.into())),
        "description": null,
        "is_default": true,
        "supported_billing_periods": if plan.annual_monthly.is_some() { "both" } else { "month" },
        "created_at": 0,
    })
}

fn price_id(plan: &Plan) -> String {
    format!("cprice_local_{}", plan.slug)
}

pub(crate) fn subscription(subscription: &Subscription, now: i64) -> Value {
    let items: Vec<Value> = subscription
        .items
        .iter()
        .map(|item| subscription_item(item, &subscription.owner_id, now))
        .collect();
    let next_payment = subscription.items.iter().find_map(|item| {
        let date = item.period_end.filter(|_| item.canceled_at.is_none())?;
        Some(json!({ "date": date, "amount": money(item.plan.amount(item.period)) }))
    });
    json!({
        "object": "commerce_subscription",
        "id": subscription.subscription_id,
        "instance_id": INSTANCE_ID,
        "status": "active",
        "payer_id": payer_id(&subscription.owner_id),
        "created_at": subscription.created_at,
        "updated_at": subscription.updated_at,
        "active_at": subscription.created_at,
        "past_due_at": null,
        "eligible_for_free_trial": false,
        // The components offer to cancel only if it is present.
        "next_payment": next_payment,
        "subscription_items": items,
    })
}

pub(crate) fn subscription_item(item: &SubscriptionItem, owner_id: &str, now: i64) -> Value {
    json!({
        "object": "commerce_subscription_item",
        "id": item.id,
        "instance_id": INSTANCE_ID,
        "status": item.status(now),
        "payer_id": payer_id(owner_id),
        "plan_id": item.plan.id,
        "price_id": price_id(&item.plan),
        "plan": plan(&item.plan),
        "plan_period": item.period,
        "amount": money(item.plan.amount(item.period)),
        "is_free_trial": false,
        "period_start": item.period_start,
        "period_end": item.period_end,
        "canceled_at": item.canceled_at,
        "past_due_at": null,
        "ended_at": null,
        "created_at": item.created_at,
        "updated_at": item.canceled_at.unwrap_or(item.created_at),
    })
}

pub(crate) fn payment_method(method: &PaymentMethod) -> Value {
    json!({
        "object": "commerce_payment_method",
        "id": method.id,
        "payer_id": payer_id(&method.owner_id),
        "payment_type": "card",
        "is_default": true,
        "gateway": "stripe",
        "gateway_external_id": "pm_local",
        "gateway_external_account_id": null,
        "last4": "4242",
        "status": "active",
        "wallet_type": null,
        "card_type": "visa",
        "expiry_year": 2099,
        "expiry_month": 12,
        "created_at": method.created_at,
        "updated_at": method.created_at,
        // A replacement could not be added: the form for it could only come from Stripe.
        "is_removable": false,
    })
}

/// Renders a checkout, of which credits pay `applied` cents. `balance` is how many credits the payer has.
pub(crate) fn checkout(
    checkout: &Checkout,
    payer: &Value,
    method: Option<&PaymentMethod>,
    applied: i64,
    balance: Option<i64>,
) -> Value {
    let plan = &checkout.plan;
    let amount = plan.amount(checkout.period);
    let total = money(amount);
    // The checkout form multiplies the base fee of a year by twelve.
    let base_fee = match checkout.period {
        Period::Month => plan.amount(Period::Month),
        Period::Annual => plan.amount(Period::Annual) / 12,
    };
    let mut json = json!({
        "object": "commerce_checkout",
        "id": checkout.id,
        "status": if checkout.completed { "completed" } else { "needs_confirmation" },
        "external_gateway_id": "acct_local",
        "plan": self::plan(plan),
        "plan_period": checkout.period,
        "plan_period_start": checkout.created_at,
        "payer": payer,
        "totals": {
            "subtotal": total,
            "base_fee": money(base_fee),
            "tax_total": money(0),
            "grand_total": total,
            "total_due_now": money(amount - applied),
            "total_due_per_period": total,
            "credit": null,
            "credits": credit::of_checkout(checkout, applied, balance),
            "discounts": null,
            "past_due": null,
            "total_due_after_free_trial": null,
        },
        "is_immediate_plan_change": true,
        "needs_payment_method": method.is_some() && plan.is_paid(),
    });
    if checkout.completed {
        json["payment_method"] = json!(method.map(payment_method));
    }
    json
}

pub(crate) fn payment_attempt(payment: &Payment, payer: &Value, method: Option<&PaymentMethod>) -> Value {
    let amount = payment.item.plan.amount(payment.item.period);
    json!({
        "object": "commerce_payment",
        "id": payment.id,
        "instance_id": INSTANCE_ID,
        "payment_id": payment.id,
        "payee_id": "cpayee_local",
        "payee": {
            "object": "commerce_payee",
            "id": "cpayee_local",
            "gateway_type": "stripe",
            "gateway_external_id": "acct_local",
            "gateway_status": "active",
        },
        "payer_id": payer_id(&payment.owner_id),
        "payer": payer,
        "statement_id": statement_id(payment),
        "gateway_external_id": "pi_local",
        "gateway_external_url": "",
        "status": "paid",
        "amount": money(amount),
        "charge_type": "checkout",
        "payment_method_id": method.map(|method| &method.id),
        "payment_method": method.map(payment_method),
        "subscription_item_id": payment.item.id,
        "subscription_item": subscription_item(&payment.item, &payment.owner_id, payment.created_at),
        "totals": {
            "subtotal": money(amount),
            "tax_total": money(0),
            "grand_total": money(amount),
            "base_fee": money(amount),
        },
        "failed_at": null,
        "paid_at": payment.created_at,
        "created_at": payment.created_at,
        "updated_at": payment.created_at,
    })
}

/// Renders the statement of a payment; each payment has its own.
pub(crate) fn statement(payment: &Payment, payer: &Value, method: Option<&PaymentMethod>) -> Value {
    let attempt = payment_attempt(payment, payer, method);
    let totals = json!({
        "grand_total": attempt["amount"],
        "subtotal": attempt["amount"],
        "base_fee": attempt["amount"],
        "tax_total": money(0),
    });
    json!({
        "object": "commerce_statement",
        "id": statement_id(payment),
        "instance_id": INSTANCE_ID,
        "payer": payer,
        "status": "closed",
        "timestamp": payment.created_at,
        "totals": totals,
        "groups": [{
            "object": "commerce_statement_group",
            "timestamp": payment.created_at,
            "items": [attempt],
        }],
    })
}

fn statement_id(payment: &Payment) -> String {
    payment.id.replacen("cpayment", "cstmt", 1)
}

pub(super) fn money(cents: i64) -> Value {
    let sign = if cents < 0 { "-" } else { "" };
    let (whole, rest) = (cents.abs() / 100, cents.abs() % 100);
    json!({
        "amount": cents,
        "amount_formatted": format!("{sign}{whole}.{rest:02}"),
        "currency": "usd",
        "currency_symbol": "$",
    })
}
