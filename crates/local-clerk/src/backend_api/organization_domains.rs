//! The domains of organizations, as a backend manages them.

use serde_json::{Value, json};

use crate::{
    domain::{Context, organization_domains as rules},
    error::Error,
    http::{Reply, Request},
    model::{EnrollmentMode, Organization, Verification},
    view,
};

pub(super) fn of_organization(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organization = cx.organization(&request.path("id"))?;
    list(cx, request, &[organization])
}

pub(super) fn of_everybody(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organizations = match request.query.filled("organization_id") {
        Some(id) => cx.store.with_ids::<Organization>(&[id])?,
        None => cx.store.all::<Organization>()?,
    };
    list(cx, request, &organizations)
}

fn list(cx: &Context<'_>, request: &Request, organizations: &[Organization]) -> Result<Reply, Error> {
    let query = &request.query;
    let (verified, modes) = (query.flag("verified"), query.list("enrollment_mode"));
    let (text, names) = (
        query.filled("query").map(str::to_lowercase),
        query.list("domains"),
    );
    let mut domains: Vec<Value> = organizations
        .iter()
        .flat_map(|organization| organization.domains.iter().map(move |one| (organization, one)))
        .filter(|(_, domain)| {
            verified.is_none_or(|verified| domain.verified_at.is_some() == verified)
                && text.as_ref().is_none_or(|text| domain.name.contains(text))
                && (names.is_empty() || names.contains(&domain.name))
        })
        .map(|(organization, domain)| view::domain(cx, organization, domain))
        .filter(|json| modes.is_empty() || modes.iter().any(|mode| json["enrollment_mode"] == mode.as_str()))
        .collect();
    if query.has("order_by") {
        request.sort(&mut domains, &["created_at", "name"])?;
    }
    Ok(request.paginated(&domains))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let body = &request.body;
    let (name, mode) = (body.required("name")?, body.filled("enrollment_mode"));
    let domain = rules::add(&mut organization, name, mode, cx.now)?;
    let (id, mode) = (domain.id.clone(), domain.enrollment_mode);
    change(cx, request, organization, &id, mode)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let id = request.path("domain_id");
    let mut mode = rules::find_mut(&mut organization, &id)?.enrollment_mode;
    if let Some(text) = request.body.filled("enrollment_mode") {
        mode = rules::parse_mode(text)?;
    }
    change(cx, request, organization, &id, mode)
}

/// Changes a domain. A backend can mark it as verified without a proof.
fn change(
    cx: &Context<'_>,
    request: &Request,
    mut organization: Organization,
    id: &str,
    mode: EnrollmentMode,
) -> Result<Reply, Error> {
    let mut domains = organization.domains.iter_mut();
    if let Some(domain) = domains.find(|domain| domain.id == id) {
        match request.body.flag("verified") {
            Some(true) if domain.verified_at.is_none() => {
                domain.verified_at = Some(cx.now);
                domain.affiliation = Some(Verification::verified("admin", cx.now));
            }
            Some(false) => {
                domain.verified_at = None;
                domain.affiliation = None;
            }
            _ => {}
        }
        rules::set_mode(domain, mode, cx.now)?;
    }
    cx.enroll_everybody(&mut organization)?;
    cx.store.put(&organization)?;
    let domain = organization.domains.iter().find(|domain| domain.id == id);
    let json = domain.map(|domain| view::domain(cx, &organization, domain));
    Ok(Reply::json(&json!(json)))
}

/// Marks a domain as owned by the organization, without the DNS record that would prove it.
pub(super) fn verify_ownership(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let domain = rules::find_mut(&mut organization, &request.path("domain_id"))?;
    if domain.ownership_verified_at.is_none() {
        domain.ownership_verified_at = Some(cx.now);
        domain.updated_at = cx.now;
    }
    let domain = domain.clone();
    cx.store.put(&organization)?;
    Ok(Reply::json(&view::domain(cx, &organization, &domain)))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let id = request.path("domain_id");
    rules::find_mut(&mut organization, &id)?;
    rules::remove(&mut organization, &id, cx.now);
    cx.store.put(&organization)?;
    Ok(Reply::json(&view::deleted("organization_domain", &id)))
}
