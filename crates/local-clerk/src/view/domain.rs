//! Domains of organizations, suggestions and requests.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    model::{Domain, InvitationStatus, Organization, Suggestion, SuggestionStatus, User},
    view,
};

pub(crate) fn domain(cx: &Context<'_>, organization: &Organization, domain: &Domain) -> Value {
    let affiliation = domain.affiliation.as_ref().map(|sent| {
        let json = view::verification(sent, cx.now);
        json!({
            "status": json["status"],
            "strategy": json["strategy"],
            "attempts": json["attempts"],
            "expire_at": json["expire_at"],
            "verified_at": domain.verified_at,
        })
    });
    let ownership = domain.ownership_verified_at.map(|verified_at| {
        json!({
            "status": "verified",
            "strategy": "manual_override",
            "attempts": null,
            "expire_at": null,
            "verified_at": verified_at,
        })
    });
    let invitations = organization.invitations.iter().filter(|invitation| {
        invitation.status == InvitationStatus::Pending && domain.has(&invitation.email_address)
    });
    let suggestions = organization.suggestions.iter().filter(|suggestion| {
        suggestion.status == SuggestionStatus::Pending && suggestion.domain_id == domain.id
    });
    json!({
        "object": "organization_domain",
        "id": domain.id,
        "organization_id": organization.id,
        "name": domain.name,
        "enrollment_mode": domain.enrollment_mode,
        "affiliation_email_address": domain.affiliation_email_address,
        "affiliation_verification": affiliation,
        "ownership_verification": ownership,
        "verification": affiliation,
        "total_pending_invitations": invitations.count(),
        "total_pending_suggestions": suggestions.count(),
        "public_organization_data": view::public_organization(cx, organization),
        "created_at": domain.created_at,
        "updated_at": domain.updated_at,
    })
}

/// Renders a suggestion for its user, who does not see that a request was rejected.
pub(crate) fn suggestion(cx: &Context<'_>, organization: &Organization, suggestion: &Suggestion) -> Value {
    let status = match suggestion.status {
        SuggestionStatus::Rejected => SuggestionStatus::Accepted,
        status => status,
    };
    json!({
        "object": "organization_suggestion",
        "id": suggestion.id,
        "public_organization_data": view::public_organization(cx, organization),
        "status": status,
        "created_at": suggestion.created_at,
        "updated_at": suggestion.updated_at,
    })
}

/// Renders a suggestion as a request for the admins, once its user has accepted it.
pub(crate) fn request(
    cx: &Context<'_>,
    organization: &Organization,
    suggestion: &Suggestion,
) -> Result<Option<Value>, Error> {
    let user = cx.store.get::<User>(&suggestion.user_id)?;
    let (Some(id), Some(user)) = (suggestion.request_id(), user) else {
        return Ok(None);
    };
    let status = match suggestion.status {
        SuggestionStatus::Pending | SuggestionStatus::Accepted => "pending",
        SuggestionStatus::Completed => "accepted",
        SuggestionStatus::Rejected => "rejected",
    };
    Ok(Some(json!({
        "object": "organization_membership_request",
        "id": id,
        "organization_id": organization.id,
        "status": status,
        "public_user_data": view::public_user_data(cx, &user),
        "created_at": suggestion.created_at,
        "updated_at": suggestion.updated_at,
    })))
}
