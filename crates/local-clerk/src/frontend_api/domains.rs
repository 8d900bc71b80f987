//! The domains of an organization, as its admins manage them.

use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        identifiers::parse_email_address,
        mailbox,
        model::{
            Domain, EnrollmentMode, InvitationStatus, Organization, SuggestionStatus, User, Verification,
        },
        reply::Reply,
        view,
    },
    browser::Caller,
    members::answer_with_page,
    organizations::admin,
};

/// Where anybody has an address.
const COMMON: [&str; 8] = [
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "outlook.com",
    "proton.me",
    "yahoo.com",
    "aol.com",
];

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, organization) = admin_of_domains(call)?;
    let (verified, mode) = (call.query.flag("verified"), call.query.filled("enrollment_mode"));
    let domains: Vec<Value> = organization
        .domains
        .iter()
        .filter(|domain| verified.is_none_or(|verified| domain.verified_at.is_some() == verified))
        .map(|domain| call.domain_json(&organization, domain))
        .filter(|json| mode.is_none_or(|mode| json["enrollment_mode"] == mode))
        .collect();
    answer_with_page(call, &caller, &domains)
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin_of_domains(call)?;
    let domain = new_domain(call, &organization)?;
    let id = domain.id.clone();
    organization.domains.push(domain);
    keep(call, &caller, &organization, &id)
}

/// A domain as the body says, which the organization has not yet.
pub(in super::super) fn new_domain(call: &Call<'_>, organization: &Organization) -> Result<Domain, Error> {
    let name = call.body.required("name")?.to_lowercase();
    // What can follow an @ is a domain.
    parse_email_address(&format!("a@{name}"), "name")
        .map_err(|_| ApiError::invalid("name", "name must be a domain, such as example.com."))?;
    if COMMON.contains(&name.as_str()) {
        let why = "This is a common email provider domain. Please use a different one.";
        return Err(ApiError::form("organization_domain_common", "name", why).into());
    }
    if organization.domains.iter().any(|domain| domain.name == name) {
        let why = format!("The organization has the domain {name} already.");
        return Err(ApiError::form("duplicate_record", "name", why).into());
    }
    let mode = match call.body.filled("enrollment_mode") {
        Some(text) => parse_mode(text)?,
        None => EnrollmentMode::ManualInvitation,
    };
    Ok(Domain::new(name, mode, call.now))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin_of_domains(call)?;
    let id = named(call, &mut organization)?.id.clone();
    keep(call, &caller, &organization, &id)
}

/// What came by the domain alone goes with it.
pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin_of_domains(call)?;
    let domain = named(call, &mut organization)?.clone();
    withdraw(&mut organization, &domain, call.now);
    organization.domains.retain(|other| other.id != domain.id);
    call.store.put(&organization)?;
    let deleted = view::deleted("organization_domain", &domain.id);
    call.wrapped(&deleted, &caller.client)
}

pub(super) fn prepare_affiliation(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin_of_domains(call)?;
    let param = "affiliation_email_address";
    let address = parse_email_address(call.body.required(param)?, param)?;
    let (now, expire_at) = (call.now, call.code_expiry()?);
    let domain = named(call, &mut organization)?;
    if !domain.has(&address) {
        let why = format!("{param} must be an address at {}.", domain.name);
        return Err(ApiError::value_invalid(param, why).into());
    }
    if domain.verified_at.is_some() {
        return Err(ApiError::verification_already_verified().into());
    }
    mailbox::send_code(call, &address, "Domain verification code")?;
    domain.affiliation_email_address = Some(address);
    domain.affiliation = Some(Verification::sent("affiliation_email_code", expire_at));
    domain.updated_at = now;
    let id = domain.id.clone();
    keep(call, &caller, &organization, &id)
}

pub(super) fn attempt_affiliation(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin_of_domains(call)?;
    let now = call.now;
    let code = call.body.required("code")?.to_owned();
    let domain = named(call, &mut organization)?;
    let sent = domain.affiliation.as_mut();
    if let Err(error) = sent
        .ok_or_else(ApiError::verification_missing)?
        .attempt(&code, now)
    {
        call.store.put(&organization)?;
        return Ok(error.into());
    }
    domain.verified_at = Some(now);
    domain.updated_at = now;
    let id = domain.id.clone();
    call.enroll_everybody(&mut organization)?;
    keep(call, &caller, &organization, &id)
}

pub(super) fn update_enrollment_mode(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, mut organization) = admin_of_domains(call)?;
    let mode = parse_mode(call.body.required("enrollment_mode")?)?;
    let now = call.now;
    let domain = named(call, &mut organization)?;
    if domain.verified_at.is_none() && mode != EnrollmentMode::ManualInvitation {
        let why = "Only with a verified domain somebody can be enrolled automatically.";
        return Err(ApiError::bad_request("organization_domain_not_verified", why).into());
    }
    domain.enrollment_mode = mode;
    domain.updated_at = now;
    let domain = domain.clone();
    if call.body.flag("delete_pending") == Some(true) {
        withdraw(&mut organization, &domain, now);
    }
    call.enroll_everybody(&mut organization)?;
    keep(call, &caller, &organization, &domain.id)
}

pub(in super::super) fn parse_mode(text: &str) -> Result<EnrollmentMode, ApiError> {
    EnrollmentMode::parse(text).ok_or_else(|| {
        let why = "enrollment_mode must be manual_invitation, automatic_invitation or automatic_suggestion.";
        ApiError::value_invalid("enrollment_mode", why)
    })
}

/// Takes back what was offered by the domain and not answered yet.
pub(in super::super) fn withdraw(organization: &mut Organization, domain: &Domain, now: i64) {
    organization.suggestions.retain(|suggestion| {
        suggestion.domain_id != domain.id || suggestion.status != SuggestionStatus::Pending
    });
    for invitation in &mut organization.invitations {
        let is_pending = invitation.status == InvitationStatus::Pending;
        if is_pending && invitation.domain_id.as_ref() == Some(&domain.id) {
            invitation.settle(InvitationStatus::Revoked, now);
        }
    }
}

fn admin_of_domains(call: &Call<'_>) -> Result<(Caller, Organization), Error> {
    if !call.settings()?.organization_domains {
        let why = "Domains are not enabled for organizations of this instance.";
        let status = http::StatusCode::FORBIDDEN;
        return Err(ApiError::new(status, "organization_domains_not_enabled", why).into());
    }
    admin(call)
}

/// The domain that the path names.
pub(in super::super) fn named<'a>(
    call: &Call<'_>,
    organization: &'a mut Organization,
) -> Result<&'a mut Domain, ApiError> {
    let id = call.path("domain_id");
    let mut domains = organization.domains.iter_mut();
    domains
        .find(|domain| domain.id == id)
        .ok_or_else(|| ApiError::not_found("organization domain", &id))
}

fn keep(call: &Call<'_>, caller: &Caller, organization: &Organization, id: &str) -> Result<Reply, Error> {
    call.store.put(organization)?;
    let domain = organization.domains.iter().find(|domain| domain.id == id);
    let response = domain.map(|domain| call.domain_json(organization, domain));
    call.wrapped(&json!(response), &caller.client)
}

impl Call<'_> {
    pub(in super::super) fn enroll_everybody(&self, organization: &mut Organization) -> Result<(), Error> {
        for user in self.store.all::<User>()? {
            self.enroll(organization, &user)?;
        }
        Ok(())
    }
}
