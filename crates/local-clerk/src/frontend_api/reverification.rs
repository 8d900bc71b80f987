//! Reverification: what is sensitive needs a proof that is not too old.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{Client, ContactKind, Level, Reverification, Session, User},
        reply::Reply,
        view,
    },
    browser::Caller,
    sign_in_factors::{send_code, send_second_code, try_first, try_second},
};

/// Minutes that a proof is good for, as in Clerk's `strict` levels.
const FRESH: i64 = 10;

pub(super) fn start(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (client, mut session, user) = call.own_session(&call.path("id"))?;
    let level = Level::parse(call.body.required("level")?).ok_or_else(|| {
        let why = "level must be first_factor, second_factor or multi_factor.";
        ApiError::value_invalid("level", why)
    })?;
    let started = Reverification::new(level, &user, call.now);
    keep(call, &client, &mut session, &user, started)
}

pub(super) fn prepare_first(call: &mut Call<'_>) -> Result<Reply, Error> {
    let UnderWay(client, mut session, user, mut under_way) = under_way(call, "needs_first_factor")?;
    let strategy = own_strategy(call)?;
    send_code(call, &mut under_way.proof, strategy)?;
    keep(call, &client, &mut session, &user, under_way)
}

pub(super) fn attempt_first(call: &mut Call<'_>) -> Result<Reply, Error> {
    let UnderWay(client, mut session, mut user, mut under_way) = under_way(call, "needs_first_factor")?;
    let strategy = own_strategy(call)?;
    let outcome = try_first(call, &mut under_way.proof, &mut user, strategy)?;
    if outcome.is_ok() {
        session.first_factor_at = call.now;
    }
    let reply = keep(call, &client, &mut session, &user, under_way)?;
    Ok(outcome.map_or_else(Into::into, |()| reply))
}

pub(super) fn prepare_second(call: &mut Call<'_>) -> Result<Reply, Error> {
    let UnderWay(client, mut session, user, mut under_way) = under_way(call, "needs_second_factor")?;
    send_second_code(call, &mut under_way.proof)?;
    keep(call, &client, &mut session, &user, under_way)
}

pub(super) fn attempt_second(call: &mut Call<'_>) -> Result<Reply, Error> {
    let UnderWay(client, mut session, mut user, mut under_way) = under_way(call, "needs_second_factor")?;
    let outcome = try_second(call, &mut under_way.proof, &mut user)?;
    if outcome.is_ok() {
        session.second_factor_at = Some(call.now);
        call.store.put(&user)?;
    }
    let reply = keep(call, &client, &mut session, &user, under_way)?;
    Ok(outcome.map_or_else(Into::into, |()| reply))
}

struct UnderWay(Client, Session, User, Reverification);

/// The reverification of the session that the path names, if this is what it waits for.
fn under_way(call: &Call<'_>, status: &str) -> Result<UnderWay, Error> {
    let (client, session, user) = call.own_session(&call.path("id"))?;
    call.check_admission(&user)?;
    let under_way = session.reverification.clone();
    let under_way = under_way.filter(|under_way| under_way.status(&user) == status);
    let under_way = under_way.ok_or_else(ApiError::verification_missing)?;
    Ok(UnderWay(client, session, user, under_way))
}

/// A password cannot be reset on the way.
fn own_strategy<'a>(call: &'a Call<'_>) -> Result<&'a str, ApiError> {
    let strategy = call.body.required("strategy")?;
    match ContactKind::of_strategy(strategy) {
        Some((_, false)) => Ok(strategy),
        None if strategy == "password" => Ok(strategy),
        _ => Err(ApiError::strategy_invalid(strategy)),
    }
}

fn keep(
    call: &Call<'_>,
    client: &Client,
    session: &mut Session,
    user: &User,
    reverification: Reverification,
) -> Result<Reply, Error> {
    let settings = call.settings()?;
    let mut first_factors = view::first_factors(user, &settings);
    first_factors.retain(|factor| {
        let strategy = factor["strategy"].as_str().unwrap_or_default();
        matches!(strategy, "password" | "email_code" | "phone_code")
    });
    let second_factors = user.has_second_factor().then(|| view::second_factors(user));
    let proof = &reverification.proof;
    let mut response = json!({
        "object": "session_reverification",
        "level": reverification.level,
        "status": reverification.status(user),
        "supported_first_factors": first_factors,
        "supported_second_factors": second_factors,
        "first_factor_verification": proof.first_factor.as_ref().map(|factor| factor.json(call.now)),
        "second_factor_verification": proof.second_factor.as_ref().map(|factor| factor.json(call.now)),
        "session": Value::Null,
    });
    session.reverification = Some(reverification);
    call.store.put(session)?;
    response["session"] = call.session_json(session, user)?;
    call.wrapped(&response, client)
}

impl Call<'_> {
    /// Who calls for something sensitive. clerk-js answers the error by asking for a proof, and calls
    /// again.
    pub(super) fn verified_caller(&self) -> Result<Caller, Error> {
        let caller = self.caller()?;
        let [first, second] = caller.session.factor_verification_age(self.now);
        let age = if second < 0 { first } else { second };
        if age >= FRESH && self.settings()?.reverification {
            let why = "You need to provide additional verification to perform this operation";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "session_reverification_required", why).into());
        }
        Ok(caller)
    }
}
