//! The domains of an organization, as its members manage them.

use serde_json::{Value, json};

use crate::{
    domain::{Context, identifiers::parse_email_address, mailbox, organization_domains as rules},
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    model::{MANAGE_DOMAINS, MessageKind, Organization, READ_DOMAINS, Verification},
    view,
};

use super::{answer, browser::Caller, organizations::permitted};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, organization) = permitted_domains(cx, request, READ_DOMAINS)?;
    let query = &request.query;
    let (verified, mode) = (query.flag("verified"), query.filled("enrollment_mode"));
    let domains: Vec<Value> = organization
        .domains
        .iter()
        .filter(|domain| verified.is_none_or(|verified| domain.verified_at.is_some() == verified))
        .map(|domain| view::domain(cx, &organization, domain))
        .filter(|json| mode.is_none_or(|mode| json["enrollment_mode"] == mode))
        .collect();
    answer::with_page(cx, request, &caller, &domains)
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted_domains(cx, request, MANAGE_DOMAINS)?;
    let body = &request.body;
    let (name, mode) = (body.required("name")?, body.filled("enrollment_mode"));
    let id = rules::add(&mut organization, name, mode, cx.now)?.id.clone();
    store(cx, &caller, &organization, &id)
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted_domains(cx, request, READ_DOMAINS)?;
    let id = request.path("domain_id");
    rules::find_mut(&mut organization, &id)?;
    store(cx, &caller, &organization, &id)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted_domains(cx, request, MANAGE_DOMAINS)?;
    let id = request.path("domain_id");
    rules::find_mut(&mut organization, &id)?;
    rules::remove(&mut organization, &id, cx.now);
    cx.store.put(&organization)?;
    let deleted = view::deleted("organization_domain", &id);
    answer::with_client(cx, &deleted, &caller.client)
}

pub(super) fn prepare_affiliation(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted_domains(cx, request, MANAGE_DOMAINS)?;
    let param = "affiliation_email_address";
    let address = parse_email_address(request.body.required(param)?, param)?;
    let id = request.path("domain_id");
    let domain = rules::find_mut(&mut organization, &id)?;
    if !domain.has(&address) {
        let message = format!("{param} must be an address at {}.", domain.name);
        return Err(ApiError::value_invalid(param, message).into());
    }
    if domain.verified_at.is_some() {
        return Err(ApiError::verification_already_verified().into());
    }
    mailbox::send_code(
        cx,
        &address,
        MessageKind::AffiliationCode,
        "Domain verification code",
    )?;
    domain.affiliation_email_address = Some(address);
    domain.affiliation = Some(Verification::sent("affiliation_email_code", cx.code_expiry()?));
    domain.updated_at = cx.now;
    store(cx, &caller, &organization, &id)
}

pub(super) fn attempt_affiliation(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted_domains(cx, request, MANAGE_DOMAINS)?;
    let code = request.body.required("code")?;
    let id = request.path("domain_id");
    let domain = rules::find_mut(&mut organization, &id)?;
    let sent = domain.affiliation.as_mut();
    if let Err(error) = sent
        .ok_or_else(ApiError::verification_missing)?
        .attempt(code, cx.now)
    {
        cx.store.put(&organization)?;
        return Ok(error.into());
    }
    domain.verified_at = Some(cx.now);
    domain.updated_at = cx.now;
    cx.enroll_everybody(&mut organization)?;
    store(cx, &caller, &organization, &id)
}

pub(super) fn update_enrollment_mode(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted_domains(cx, request, MANAGE_DOMAINS)?;
    let mode = rules::parse_mode(request.body.required("enrollment_mode")?)?;
    let id = request.path("domain_id");
    let domain = rules::find_mut(&mut organization, &id)?;
    rules::set_mode(domain, mode, cx.now)?;
    if request.body.flag("delete_pending") == Some(true) {
        rules::withdraw(&mut organization, &id, cx.now);
    }
    cx.enroll_everybody(&mut organization)?;
    store(cx, &caller, &organization, &id)
}

/// Returns the caller and the organization, like [`permitted`], if the instance has domains.
fn permitted_domains(
    cx: &Context<'_>,
    request: &Request,
    permission: &str,
) -> Result<(Caller, Organization), Error> {
    if !cx.settings()?.organization_domains {
        let message = "Domains are not enabled for organizations of this instance.";
        let code = "organization_domains_not_enabled";
        return Err(ApiError::new(ErrorKind::Forbidden, code, message).into());
    }
    permitted(cx, request, permission)
}

/// Stores the organization, and replies with one of its domains.
fn store(cx: &Context<'_>, caller: &Caller, organization: &Organization, id: &str) -> Result<Reply, Error> {
    cx.store.put(organization)?;
    let domain = organization.domains.iter().find(|domain| domain.id == id);
    let response = domain.map(|domain| view::domain(cx, organization, domain));
    answer::with_client(cx, &json!(response), &caller.client)
}
