//! The domains of organizations.

use crate::{
    error::{ApiError, Error},
    model::{Domain, EnrollmentMode, InvitationStatus, Organization, SuggestionStatus},
};

use super::identifiers::parse_email_address;

/// Domains of common e-mail providers, which no organization can claim.
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

/// Adds a domain to an organization. It is unverified, and enrolls nobody unless `mode` says so.
///
/// # Errors
/// If the name is no domain, belongs to a common provider, or is one of the organization's domains already.
pub(crate) fn add<'o>(
    organization: &'o mut Organization,
    name: &str,
    mode: Option<&str>,
    now: i64,
) -> Result<&'o mut Domain, Error> {
    let name = name.to_lowercase();
    // Whatever may follow the @ of an address is a domain.
    parse_email_address(&format!("a@{name}"), "name")
        .map_err(|_| ApiError::invalid("name", "name must be a domain, such as example.com."))?;
    if COMMON.contains(&name.as_str()) {
        let message = "This is a common email provider domain. Please use a different one.";
        return Err(ApiError::form("organization_domain_common", "name", message).into());
    }
    if organization.domains.iter().any(|domain| domain.name == name) {
        let message = format!("The organization already has the domain {name}.");
        return Err(ApiError::form("duplicate_record", "name", message).into());
    }
    let mode = match mode {
        Some(text) => parse_mode(text)?,
        None => EnrollmentMode::ManualInvitation,
    };
    let domain = Domain::new(name, mode, now);
    let id = domain.id.clone();
    organization.domains.push(domain);
    Ok(find_mut(organization, &id)?)
}

/// Returns a domain of an organization by its id.
pub(crate) fn find_mut<'o>(organization: &'o mut Organization, id: &str) -> Result<&'o mut Domain, ApiError> {
    let mut domains = organization.domains.iter_mut();
    domains
        .find(|domain| domain.id == id)
        .ok_or_else(|| ApiError::not_found("organization domain", id))
}

pub(crate) fn parse_mode(text: &str) -> Result<EnrollmentMode, ApiError> {
    EnrollmentMode::parse(text).ok_or_else(|| {
        let message =
            "enrollment_mode must be manual_invitation, automatic_invitation or automatic_suggestion.";
        ApiError::value_invalid("enrollment_mode", message)
    })
}

/// Sets how a domain enrolls users.
///
/// # Errors
/// If it is to enroll automatically but is not verified.
pub(crate) fn set_mode(domain: &mut Domain, mode: EnrollmentMode, now: i64) -> Result<(), ApiError> {
    if domain.verified_at.is_none() && mode != EnrollmentMode::ManualInvitation {
        let message = "Automatic enrollment requires a verified domain.";
        return Err(ApiError::bad_request("organization_domain_not_verified", message));
    }
    domain.enrollment_mode = mode;
    domain.updated_at = now;
    Ok(())
}

/// Withdraws the pending invitations and suggestions that a domain has caused.
pub(crate) fn withdraw(organization: &mut Organization, domain_id: &str, now: i64) {
    organization.suggestions.retain(|suggestion| {
        suggestion.domain_id != domain_id || suggestion.status != SuggestionStatus::Pending
    });
    for invitation in &mut organization.invitations {
        let is_pending = invitation.status == InvitationStatus::Pending;
        if is_pending && invitation.domain_id.as_deref() == Some(domain_id) {
            invitation.set_status(InvitationStatus::Revoked, now);
        }
    }
}

/// Removes a domain, and withdraws what it has caused.
pub(crate) fn remove(organization: &mut Organization, id: &str, now: i64) {
    withdraw(organization, id, now);
    organization.domains.retain(|domain| domain.id != id);
}
