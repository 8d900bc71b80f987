//! Plans, subscriptions and checkouts of users and organizations. Nothing is ever charged: everyone has a test
//! card.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    id,
    model::{Checkout, Payer, Payment, PaymentMethod, Period, Plan},
    view,
};

use super::{
    answer, browser,
    organizations::{admin, member},
};

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

pub(super) fn cancel(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    let item_id = owner.item_id(request);
    let mut subscription = cx.subscription_or_error(&owner.id)?;
    let free = Plan::default_of(&cx.store, kind)?;
    let item = free
        .and_then(|free| subscription.cancel(&item_id, &free, cx.now))
        .ok_or_else(|| ApiError::not_found("paid subscription item", &item_id))?;
    cx.store.put(&subscription)?;
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
    Ok(answer::without_client(&view::list(&methods)))
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
    own_method(cx, &owner, &owner.item_id(request))?;
    Err(ApiError::not_on_this_machine("other card that could take its place").into())
}

pub(super) fn set_default_payment_method(
    cx: &mut Context<'_>,
    request: &Request,
    kind: Payer,
) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    let method = own_method(cx, &owner, request.body.required("payment_method_id")?)?;
    Ok(answer::without_client(&view::payment_method(&method)))
}

pub(super) fn create_checkout(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    let plan = cx.plan(request.body.required("plan_id")?)?;
    if plan.payer != kind {
        return Err(ApiError::not_found("plan for this payer", &plan.id).into());
    }
    let period = match request.body.filled("plan_period") {
        None => Period::Month,
        Some(text) => Period::parse(text)
            .ok_or_else(|| ApiError::value_invalid("plan_period", "plan_period must be month or annual."))?,
    };
    let checkout = Checkout {
        id: id::new("cchk", cx.now),
        owner_id: owner.id.clone(),
        plan: plan.clone(),
        period,
        completed: false,
        created_at: cx.now,
    };
    cx.store.put(&checkout)?;
    reply_with_checkout(cx, &owner, &checkout)
}

pub(super) fn checkout(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    let checkout = own_checkout(cx, request, &owner)?;
    reply_with_checkout(cx, &owner, &checkout)
}

/// Rejects every promo code.
pub(super) fn apply_promo_code(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    own_checkout(cx, request, &Owner::for_change(cx, request, kind)?)?;
    let why = "The promo code is not valid.";
    Err(ApiError::form("promo_code_invalid", "promo_code", why).into())
}

/// Completes a checkout. The new plan applies immediately, and the session's next token contains it.
pub(super) fn confirm_checkout(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::for_change(cx, request, kind)?;
    let mut checkout = own_checkout(cx, request, &owner)?;
    if checkout.completed {
        return Err(ApiError::bad_request("checkout_already_completed", "The checkout is complete.").into());
    }
    if let Some(method) = request.body.filled("payment_method_id") {
        own_method(cx, &owner, method)?;
    }
    let mut subscription = cx.subscription_or_error(&owner.id)?;
    subscription.switch(&checkout.plan, checkout.period, cx.now);
    cx.store.put(&subscription)?;
    if checkout.plan.is_paid() {
        for item in subscription.items {
            let id = id::new("cpayment", cx.now);
            cx.store.put(&Payment {
                id,
                owner_id: owner.id.clone(),
                item,
                created_at: cx.now,
            })?;
        }
    }
    checkout.completed = true;
    cx.store.put(&checkout)?;
    reply_with_checkout(cx, &owner, &checkout)
}

pub(super) fn statements(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Ok(answer::without_client(&payments(
        cx,
        request,
        kind,
        view::statement,
    )?))
}

pub(super) fn statement(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Ok(answer::without_client(&one(
        cx,
        request,
        kind,
        view::statement,
        "statement",
    )?))
}

pub(super) fn payment_attempts(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Ok(Reply::json(&payments(cx, request, kind, view::payment_attempt)?))
}

pub(super) fn payment_attempt(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Ok(Reply::json(&one(
        cx,
        request,
        kind,
        view::payment_attempt,
        "payment attempt",
    )?))
}

pub(super) fn credits(cx: &mut Context<'_>, request: &Request, kind: Payer) -> Result<Reply, Error> {
    Owner::for_reading(cx, request, kind)?;
    Ok(answer::without_client(
        &json!({ "object": "commerce_credit_balance", "balance": null }),
    ))
}

type PaymentView = fn(&Payment, &Value, Option<&PaymentMethod>) -> Value;

/// The payer.
struct Owner {
    kind: Payer,
    id: String,
    /// The payer as clients see it.
    json: Value,
}

impl Owner {
    fn for_reading(cx: &Context<'_>, request: &Request, kind: Payer) -> Result<Self, Error> {
        Self::find(cx, request, kind, false)
    }

    /// Finds the payer for a change, which only an admin may make for an organization.
    fn for_change(cx: &Context<'_>, request: &Request, kind: Payer) -> Result<Self, Error> {
        Self::find(cx, request, kind, true)
    }

    fn find(cx: &Context<'_>, request: &Request, kind: Payer, is_change: bool) -> Result<Self, Error> {
        let (id, json) = if kind == Payer::User {
            let user = browser::caller(cx, request)?.user;
            let json = json!({
                "user_id": user.id,
                "first_name": user.first_name,
                "last_name": user.last_name,
                "email": user.primary_email_address().map(|address| &address.value),
                "organization_id": null,
                "organization_name": null,
                "image_url": view::image_url(cx, &user),
                "created_at": user.created_at,
                "updated_at": user.updated_at,
            });
            (user.id, json)
        } else {
            let organization = if is_change {
                admin(cx, request)?.1
            } else {
                member(cx, request)?.1
            };
            let json = json!({
                "user_id": null,
                "first_name": null,
                "last_name": null,
                "email": null,
                "organization_id": organization.id,
                "organization_name": organization.name,
                "image_url": view::organization(cx, &organization)["image_url"],
                "created_at": organization.created_at,
                "updated_at": organization.updated_at,
            });
            (organization.id, json)
        };
        let mut owner = Self { kind, id, json };
        owner.json["object"] = json!("commerce_payer");
        owner.json["id"] = json!(view::payer_id(&owner.id));
        owner.json["instance_id"] = json!(cx.keys.instance_id);
        Ok(owner)
    }

    /// Returns the id of the item in the path, next to the payer.
    fn item_id(&self, request: &Request) -> String {
        request.path(match self.kind {
            Payer::User => "id",
            Payer::Organization => "item_id",
        })
    }
}

/// Lists the payer's payments, newest first.
fn payments(cx: &Context<'_>, request: &Request, kind: Payer, view: PaymentView) -> Result<Value, Error> {
    let owner = Owner::for_reading(cx, request, kind)?;
    payments_of(cx, &owner, view)
}

fn payments_of(cx: &Context<'_>, owner: &Owner, view: PaymentView) -> Result<Value, Error> {
    let method = cx.store.of::<PaymentMethod>(&owner.id)?.pop();
    let payments = cx.store.of::<Payment>(&owner.id)?;
    let data: Vec<Value> = payments
        .iter()
        .rev()
        .map(|payment| view(payment, &owner.json, method.as_ref()))
        .collect();
    Ok(view::list(&data))
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
    let found = all["data"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["id"] == id.as_str()));
    Ok(found.cloned().ok_or_else(|| ApiError::not_found(what, &id))?)
}

fn reply_with_checkout(cx: &Context<'_>, owner: &Owner, checkout: &Checkout) -> Result<Reply, Error> {
    let method = cx.store.of::<PaymentMethod>(&owner.id)?.pop();
    Ok(answer::without_client(&view::checkout(
        checkout,
        &owner.json,
        method.as_ref(),
    )))
}

fn own_checkout(cx: &Context<'_>, request: &Request, owner: &Owner) -> Result<Checkout, Error> {
    let id = owner.item_id(request);
    let own = cx
        .store
        .get::<Checkout>(&id)?
        .filter(|checkout| checkout.owner_id == owner.id);
    Ok(own.ok_or_else(|| ApiError::not_found("checkout", &id))?)
}

fn own_method(cx: &Context<'_>, owner: &Owner, id: &str) -> Result<PaymentMethod, Error> {
    let own = cx
        .store
        .get::<PaymentMethod>(id)?
        .filter(|method| method.owner_id == owner.id);
    Ok(own.ok_or_else(|| ApiError::not_found("payment method", id))?)
}
