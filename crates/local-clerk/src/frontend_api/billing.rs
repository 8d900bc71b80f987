//! Plans, subscriptions and checkouts, of users and of organizations. Nothing is ever charged: everybody has
//! a test card.

use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        id,
        model::{Checkout, Payment, PaymentMethod, Period},
        plans::{Payer, Plan},
        reply::Reply,
        view,
    },
    organizations::{admin, member},
};

pub(super) fn plans(call: &mut Call<'_>) -> Result<Reply, Error> {
    let payer = match call.query.filled("payer_type") {
        Some("org" | "organization") => Payer::Organization,
        _ => Payer::User,
    };
    let plans: Vec<Value> = call.plans_for(payer)?.iter().map(view::plan).collect();
    Ok(Reply::json(&view::list(&plans)))
}

pub(super) fn plan(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&view::plan(&call.plan_or_error(&call.path("id"))?)))
}

pub(super) fn subscription(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::who_reads(call, kind)?;
    let subscription = call.subscription_or_error(&owner.id)?;
    Ok(answer(&view::subscription(&subscription, call.now)))
}

pub(super) fn cancel(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::who_manages(call, kind)?;
    let item_id = owner.item_id(call);
    let mut subscription = call.subscription_or_error(&owner.id)?;
    let free = Plan::default_of(&call.store, kind)?;
    let item = free
        .and_then(|free| subscription.cancel(&item_id, &free, call.now))
        .ok_or_else(|| ApiError::not_found("paid subscription item", &item_id))?;
    call.store.put(&subscription)?;
    Ok(answer(&view::subscription_item(&item, &owner.id, call.now)))
}

pub(super) fn payment_methods(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::who_reads(call, kind)?;
    let methods: Vec<Value> = call
        .store
        .of::<PaymentMethod>(&owner.id)?
        .iter()
        .map(view::payment_method)
        .collect();
    Ok(answer(&view::list(&methods)))
}

/// Stripe's card form comes from Stripe only.
pub(super) fn no_card_form(_: &mut Call<'_>) -> Result<Reply, Error> {
    Err(ApiError::not_on_this_machine("card form: use the test card that every user has").into())
}

pub(super) fn remove_payment_method(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::who_manages(call, kind)?;
    own_method(call, &owner, &owner.item_id(call))?;
    Err(ApiError::not_on_this_machine("other card that could take its place").into())
}

pub(super) fn set_default_payment_method(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::who_manages(call, kind)?;
    let method = own_method(call, &owner, call.body.required("payment_method_id")?)?;
    Ok(answer(&view::payment_method(&method)))
}

pub(super) fn create_checkout(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::who_manages(call, kind)?;
    let plan = call.plan_or_error(call.body.required("plan_id")?)?;
    if plan.payer != kind {
        return Err(ApiError::not_found("plan for this payer", &plan.id).into());
    }
    let period = match call.body.filled("plan_period") {
        None => Period::Month,
        Some(text) => Period::parse(text)
            .ok_or_else(|| ApiError::value_invalid("plan_period", "plan_period must be month or annual."))?,
    };
    let checkout = Checkout {
        id: id::new("cchk"),
        owner_id: owner.id.clone(),
        plan: plan.clone(),
        period,
        completed: false,
        created_at: call.now,
    };
    call.store.put(&checkout)?;
    answer_with_checkout(call, &owner, &checkout)
}

pub(super) fn checkout(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::who_reads(call, kind)?;
    let checkout = own_checkout(call, &owner)?;
    answer_with_checkout(call, &owner, &checkout)
}

/// There is no promotion here.
pub(super) fn apply_promo_code(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    own_checkout(call, &Owner::who_manages(call, kind)?)?;
    let why = "The promo code is not valid.";
    Err(ApiError::form("promo_code_invalid", "promo_code", why).into())
}

/// The new plan holds at once, and is in the session's next token.
pub(super) fn confirm_checkout(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    let owner = Owner::who_manages(call, kind)?;
    let mut checkout = own_checkout(call, &owner)?;
    if checkout.completed {
        return Err(ApiError::bad_request("checkout_already_completed", "The checkout is complete.").into());
    }
    if let Some(method) = call.body.filled("payment_method_id") {
        own_method(call, &owner, method)?;
    }
    let mut subscription = call.subscription_or_error(&owner.id)?;
    subscription.switch(&checkout.plan, checkout.period, call.now);
    call.store.put(&subscription)?;
    if checkout.plan.is_paid() {
        for item in subscription.items {
            let id = id::new("cpayment");
            call.store.put(&Payment {
                id,
                owner_id: owner.id.clone(),
                item,
                created_at: call.now,
            })?;
        }
    }
    checkout.completed = true;
    call.store.put(&checkout)?;
    answer_with_checkout(call, &owner, &checkout)
}

pub(super) fn statements(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    Ok(answer(&payments(call, kind, view::statement)?))
}

pub(super) fn statement(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    Ok(answer(&one(call, kind, view::statement, "statement")?))
}

pub(super) fn payment_attempts(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    Ok(Reply::json(&payments(call, kind, view::payment_attempt)?))
}

pub(super) fn payment_attempt(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    Ok(Reply::json(&one(
        call,
        kind,
        view::payment_attempt,
        "payment attempt",
    )?))
}

pub(super) fn credits(call: &mut Call<'_>, kind: Payer) -> Result<Reply, Error> {
    Owner::who_reads(call, kind)?;
    Ok(answer(
        &json!({ "object": "commerce_credit_balance", "balance": null }),
    ))
}

type PaymentView = fn(&Payment, &Value, Option<&PaymentMethod>) -> Value;

/// Who pays.
struct Owner {
    kind: Payer,
    id: String,
    /// As clients see it.
    json: Value,
}

impl Owner {
    fn who_reads(call: &Call<'_>, kind: Payer) -> Result<Self, Error> {
        Self::find(call, kind, false)
    }

    /// For an organization only an admin pays.
    fn who_manages(call: &Call<'_>, kind: Payer) -> Result<Self, Error> {
        Self::find(call, kind, true)
    }

    fn find(call: &Call<'_>, kind: Payer, manages: bool) -> Result<Self, Error> {
        let (id, json) = if kind == Payer::User {
            let user = call.caller()?.user;
            let json = json!({
                "user_id": user.id,
                "first_name": user.first_name,
                "last_name": user.last_name,
                "email": user.primary_email_address().map(|address| &address.value),
                "organization_id": null,
                "organization_name": null,
                "image_url": call.image_url(&user),
                "created_at": user.created_at,
                "updated_at": user.updated_at,
            });
            (user.id, json)
        } else {
            let organization = if manages { admin(call)?.1 } else { member(call)?.1 };
            let json = json!({
                "user_id": null,
                "first_name": null,
                "last_name": null,
                "email": null,
                "organization_id": organization.id,
                "organization_name": organization.name,
                "image_url": call.organization_json(&organization)["image_url"],
                "created_at": organization.created_at,
                "updated_at": organization.updated_at,
            });
            (organization.id, json)
        };
        let mut owner = Self { kind, id, json };
        owner.json["object"] = json!("commerce_payer");
        owner.json["id"] = json!(view::payer_id(&owner.id));
        owner.json["instance_id"] = json!(call.keys.instance_id);
        Ok(owner)
    }

    /// The item that the path names beside the payer.
    fn item_id(&self, call: &Call<'_>) -> String {
        call.path(match self.kind {
            Payer::User => "id",
            Payer::Organization => "item_id",
        })
    }
}

/// The payer's payments, newest first.
fn payments(call: &Call<'_>, kind: Payer, view: PaymentView) -> Result<Value, Error> {
    let owner = Owner::who_reads(call, kind)?;
    payments_of(call, &owner, view)
}

fn payments_of(call: &Call<'_>, owner: &Owner, view: PaymentView) -> Result<Value, Error> {
    let method = call.store.of::<PaymentMethod>(&owner.id)?.pop();
    let payments = call.store.of::<Payment>(&owner.id)?;
    let data: Vec<Value> = payments
        .iter()
        .rev()
        .map(|payment| view(payment, &owner.json, method.as_ref()))
        .collect();
    Ok(view::list(&data))
}

fn one(call: &Call<'_>, kind: Payer, view: PaymentView, what: &str) -> Result<Value, Error> {
    let owner = Owner::who_reads(call, kind)?;
    let id = owner.item_id(call);
    let all = payments_of(call, &owner, view)?;
    let found = all["data"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["id"] == id.as_str()));
    Ok(found.cloned().ok_or_else(|| ApiError::not_found(what, &id))?)
}

fn answer(response: &Value) -> Reply {
    Reply::json(&json!({ "response": response, "client": null }))
}

fn answer_with_checkout(call: &Call<'_>, owner: &Owner, checkout: &Checkout) -> Result<Reply, Error> {
    let method = call.store.of::<PaymentMethod>(&owner.id)?.pop();
    Ok(answer(&view::checkout(checkout, &owner.json, method.as_ref())))
}

fn own_checkout(call: &Call<'_>, owner: &Owner) -> Result<Checkout, Error> {
    let id = owner.item_id(call);
    let own = call
        .store
        .get::<Checkout>(&id)?
        .filter(|checkout| checkout.owner_id == owner.id);
    Ok(own.ok_or_else(|| ApiError::not_found("checkout", &id))?)
}

fn own_method(call: &Call<'_>, owner: &Owner, id: &str) -> Result<PaymentMethod, Error> {
    let own = call
        .store
        .get::<PaymentMethod>(id)?
        .filter(|method| method.owner_id == owner.id);
    Ok(own.ok_or_else(|| ApiError::not_found("payment method", id))?)
}

impl Call<'_> {
    fn plan_or_error(&self, key: &str) -> Result<Plan, Error> {
        Ok(self.plan(key)?.ok_or_else(|| ApiError::not_found("plan", key))?)
    }
}
