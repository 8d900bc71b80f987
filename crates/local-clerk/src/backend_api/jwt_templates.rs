//! JWT templates.

use serde_json::Value;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    jwt_templates::{JwtTemplate, SigningKey, reserved_claim},
    reply::Reply,
    view,
};

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let templates: Vec<Value> = call
        .store
        .all::<JwtTemplate>()?
        .iter()
        .map(JwtTemplate::json)
        .collect();
    Ok(call.bare_or_paginated(&templates))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut template = JwtTemplate::new("", Default::default(), call.now);
    apply(call, &mut template)?;
    call.store.put(&template)?;
    Ok(Reply::json(&template.json()))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&named(call)?.json()))
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut template = named(call)?;
    apply(call, &mut template)?;
    template.updated_at = call.now;
    call.store.put(&template)?;
    Ok(Reply::json(&template.json()))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let template = named(call)?;
    call.store.delete::<JwtTemplate>(&template.id)?;
    Ok(Reply::json(&view::deleted("jwt_template", &template.id)))
}

fn named(call: &Call<'_>) -> Result<JwtTemplate, Error> {
    call.named("template_id", "JWT template")
}

/// Sets what the body says; name and claims must be among it.
fn apply(call: &Call<'_>, template: &mut JwtTemplate) -> Result<(), Error> {
    let body = &call.body;
    body.required("name")?.clone_into(&mut template.name);
    let namesakes = call.store.of::<JwtTemplate>(&template.name)?;
    if namesakes.iter().any(|other| other.id != template.id) {
        let why = format!("There is a JWT template named {} already.", template.name);
        return Err(ApiError::form("form_identifier_exists", "name", why).into());
    }
    template.claims = body
        .object("claims")?
        .ok_or_else(|| ApiError::missing("claims"))?;
    if let Some(reserved) = reserved_claim(&template.claims) {
        let why = format!("The claim {reserved} is set by Clerk and cannot be in a template.");
        return Err(ApiError::value_invalid("claims", why).into());
    }
    if let Some(lifetime) = body.number_in("lifetime", 30..=315_360_000)? {
        template.lifetime = lifetime;
    }
    if let Some(skew) = body.number_in("allowed_clock_skew", 0..=300)? {
        template.allowed_clock_skew = skew;
    }
    match body.flag("custom_signing_key") {
        Some(true) => {
            let algorithm = body.required("signing_algorithm")?;
            template.signing_key = Some(SigningKey::new(algorithm, body.required("signing_key")?)?);
        }
        Some(false) => template.signing_key = None,
        None => {}
    }
    Ok(())
}
