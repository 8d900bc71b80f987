//! The domains of organizations, as a backend handles them.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    frontend_api::domains::{named, new_domain, parse_mode, withdraw},
    model::{EnrollmentMode, Organization, Verification},
    reply::Reply,
    view,
};

pub(super) fn of_organization(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    Ok(list(call, &[organization]))
}

pub(super) fn of_everybody(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organizations = call.store.all::<Organization>()?;
    if let Some(id) = call.query.filled("organization_id") {
        organizations.retain(|organization| organization.id == id);
    }
    Ok(list(call, &organizations))
}

fn list(call: &Call<'_>, organizations: &[Organization]) -> Reply {
    let query = &call.query;
    let (verified, mode) = (query.flag("verified"), query.filled("enrollment_mode"));
    let (text, names) = (
        query.filled("query").map(str::to_lowercase),
        query.list("domains"),
    );
    let domains: Vec<Value> = organizations
        .iter()
        .flat_map(|organization| organization.domains.iter().map(move |one| (organization, one)))
        .filter(|(_, domain)| {
            verified.is_none_or(|verified| domain.verified_at.is_some() == verified)
                && text.as_ref().is_none_or(|text| domain.name.contains(text))
                && (names.is_empty() || names.contains(&domain.name))
        })
        .map(|(organization, domain)| call.domain_json(organization, domain))
        .filter(|json| mode.is_none_or(|mode| json["enrollment_mode"] == mode))
        .collect();
    call.paginated(&domains)
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let domain = new_domain(call, &organization)?;
    let id = domain.id.clone();
    let mode = domain.enrollment_mode;
    organization.domains.push(domain);
    change(call, organization, &id, mode)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let domain = named(call, &mut organization)?;
    let (id, mut mode) = (domain.id.clone(), domain.enrollment_mode);
    if let Some(text) = call.body.filled("enrollment_mode") {
        mode = parse_mode(text)?;
    }
    change(call, organization, &id, mode)
}

/// A backend needs no proof that a domain is the organization's.
fn change(
    call: &Call<'_>,
    mut organization: Organization,
    id: &str,
    mode: EnrollmentMode,
) -> Result<Reply, Error> {
    let mut domains = organization.domains.iter_mut();
    if let Some(domain) = domains.find(|domain| domain.id == id) {
        match call.body.flag("verified") {
            Some(true) if domain.verified_at.is_none() => {
                domain.verified_at = Some(call.now);
                domain.affiliation = Some(Verification::verified("admin", call.now));
            }
            Some(false) => {
                domain.verified_at = None;
                domain.affiliation = None;
            }
            _ => {}
        }
        if domain.verified_at.is_none() && mode != EnrollmentMode::ManualInvitation {
            let why = "Only with a verified domain somebody can be enrolled automatically.";
            return Err(ApiError::bad_request("organization_domain_not_verified", why).into());
        }
        domain.enrollment_mode = mode;
        domain.updated_at = call.now;
    }
    call.enroll_everybody(&mut organization)?;
    call.store.put(&organization)?;
    let domain = organization.domains.iter().find(|domain| domain.id == id);
    let json = domain.map(|domain| call.domain_json(&organization, domain));
    Ok(Reply::json(&json!(json)))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let domain = named(call, &mut organization)?.clone();
    withdraw(&mut organization, &domain, call.now);
    organization.domains.retain(|other| other.id != domain.id);
    call.store.put(&organization)?;
    Ok(Reply::json(&view::deleted("organization_domain", &domain.id)))
}
