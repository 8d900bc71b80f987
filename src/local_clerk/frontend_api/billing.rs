//! Plans, subscriptions and checkouts. Nothing is ever charged: everybody has a test card.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    model::{Checkout, Payment, PaymentMethod, Period, User},
    plans::{Payer, Plan},
    reply::Reply,
    view,
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
    Ok(Reply::json(&view::plan(&find_plan(call, &call.path("id"))?)))
}

pub(super) fn subscription(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let subscription = call.subscription_or_error(&user.id)?;
    Ok(answer(&view::subscription(&subscription, call.now)))
}

pub(super) fn cancel(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let item_id = call.path("id");
    let mut subscription = call.subscription_or_error(&user.id)?;
    let free = Plan::default_of(&call.store, Payer::User)?;
    let item = free
        .and_then(|free| subscription.cancel(&item_id, &free, call.now))
        .ok_or_else(|| ApiError::not_found("paid subscription item", &item_id))?;
    call.store.put(&subscription)?;
    Ok(answer(&view::subscription_item(&item, &user.id, call.now)))
}

pub(super) fn payment_methods(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let methods: Vec<Value> = call
        .store
        .of::<PaymentMethod>(&user.id)?
        .iter()
        .map(view::payment_method)
        .collect();
    Ok(answer(&view::list(&methods)))
}

/// Stripe's card form comes from Stripe only.
pub(super) fn no_card_form(_: &mut Call<'_>) -> Result<Reply, Error> {
    Err(ApiError::not_on_this_machine("card form: use the test card that every user has").into())
}

pub(super) fn remove_payment_method(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let method = own_method(call, &user, &call.path("id"))?;
    call.store.delete::<PaymentMethod>(&method.id)?;
    Ok(answer(&view::payment_method(&method)))
}

pub(super) fn set_default_payment_method(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let method = own_method(call, &user, call.body.required("payment_method_id")?)?;
    Ok(answer(&view::payment_method(&method)))
}

pub(super) fn create_checkout(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let plan = find_plan(call, call.body.required("plan_id")?)?;
    let period = match call.body.filled("plan_period") {
        None => Period::Month,
        Some(text) => Period::parse(text)
            .ok_or_else(|| ApiError::value_invalid("plan_period", "plan_period must be month or annual."))?,
    };
    let checkout = Checkout {
        id: id::new("cchk"),
        user_id: user.id.clone(),
        plan: plan.clone(),
        period,
        completed: false,
        created_at: call.now,
    };
    call.store.put(&checkout)?;
    answer_with_checkout(call, &user, &checkout)
}

pub(super) fn checkout(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let checkout = own_checkout(call, &user)?;
    answer_with_checkout(call, &user, &checkout)
}

/// There is no promotion here.
pub(super) fn apply_promo_code(call: &mut Call<'_>) -> Result<Reply, Error> {
    own_checkout(call, &call.caller()?.user)?;
    let why = "The promo code is not valid.";
    Err(ApiError::form("promo_code_invalid", "promo_code", why).into())
}

/// The new plan holds at once, and is in the session's next token.
pub(super) fn confirm_checkout(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let mut checkout = own_checkout(call, &user)?;
    if checkout.completed {
        return Err(ApiError::bad_request("checkout_already_completed", "The checkout is complete.").into());
    }
    if let Some(method) = call.body.filled("payment_method_id") {
        own_method(call, &user, method)?;
    }
    let mut subscription = call.subscription_or_error(&user.id)?;
    subscription.switch(&checkout.plan, checkout.period, call.now);
    call.store.put(&subscription)?;
    if checkout.plan.is_paid() {
        for item in subscription.items {
            let id = id::new("cpayment");
            call.store.put(&Payment {
                id,
                user_id: user.id.clone(),
                item,
                created_at: call.now,
            })?;
        }
    }
    checkout.completed = true;
    call.store.put(&checkout)?;
    answer_with_checkout(call, &user, &checkout)
}

pub(super) fn statements(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(answer(&payments(call, view::statement)?))
}

pub(super) fn statement(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(answer(&one(call, view::statement, "statement")?))
}

pub(super) fn payment_attempts(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&payments(call, view::payment_attempt)?))
}

pub(super) fn payment_attempt(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&one(call, view::payment_attempt, "payment attempt")?))
}

pub(super) fn credits(call: &mut Call<'_>) -> Result<Reply, Error> {
    call.caller()?;
    Ok(answer(
        &json!({ "object": "commerce_credit_balance", "balance": null }),
    ))
}

type PaymentView = fn(&Payment, &Value, Option<&PaymentMethod>) -> Value;

/// The user's payments, newest first.
fn payments(call: &Call<'_>, view: PaymentView) -> Result<Value, Error> {
    let user = call.caller()?.user;
    let (method, payer) = (
        call.store.of::<PaymentMethod>(&user.id)?.pop(),
        payer(call, &user),
    );
    let payments = call.store.of::<Payment>(&user.id)?;
    let data: Vec<Value> = payments
        .iter()
        .rev()
        .map(|payment| view(payment, &payer, method.as_ref()))
        .collect();
    Ok(view::list(&data))
}

fn one(call: &Call<'_>, view: PaymentView, what: &str) -> Result<Value, Error> {
    let id = call.path("id");
    let all = payments(call, view)?;
    let found = all["data"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["id"] == id.as_str()));
    Ok(found.cloned().ok_or_else(|| ApiError::not_found(what, &id))?)
}

fn answer(response: &Value) -> Reply {
    Reply::json(&json!({ "response": response, "client": null }))
}

fn answer_with_checkout(call: &Call<'_>, user: &User, checkout: &Checkout) -> Result<Reply, Error> {
    let method = call.store.of::<PaymentMethod>(&user.id)?.pop();
    let payer = payer(call, user);
    Ok(answer(&view::checkout(checkout, &payer, method.as_ref())))
}

fn payer(call: &Call<'_>, user: &User) -> Value {
    json!({
        "object": "commerce_payer",
        "id": view::payer_id(&user.id),
        "instance_id": call.keys.instance_id,
        "user_id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.primary_email_address().map(|address| &address.value),
        "organization_id": null,
        "organization_name": null,
        "image_url": call.image_url(user),
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

fn own_checkout(call: &Call<'_>, user: &User) -> Result<Checkout, Error> {
    let id = call.path("id");
    let own = call
        .store
        .get::<Checkout>(&id)?
        .filter(|checkout| checkout.user_id == user.id);
    Ok(own.ok_or_else(|| ApiError::not_found("checkout", &id))?)
}

fn own_method(call: &Call<'_>, user: &User, id: &str) -> Result<PaymentMethod, Error> {
    let own = call
        .store
        .get::<PaymentMethod>(id)?
        .filter(|method| method.user_id == user.id);
    Ok(own.ok_or_else(|| ApiError::not_found("payment method", id))?)
}

fn find_plan(call: &Call<'_>, key: &str) -> Result<Plan, Error> {
    Ok(call.plan(key)?.ok_or_else(|| ApiError::not_found("plan", key))?)
}
