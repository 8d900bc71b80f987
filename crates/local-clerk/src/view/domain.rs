//! Domains of organizations, suggestions and requests.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::Error,
    model::{Domain, InvitationStatus, Organization, Suggestion, SuggestionStatus, User},
};

impl Call<'_> {
    pub(in super::super) fn domain_json(&self, organization: &Organization, domain: &Domain) -> Value {
        let affiliation = domain.affiliation.as_ref().map(|sent| {
            let json = sent.json(self.now);
            json!({
                "status": json["status"],
                "strategy": json["strategy"],
                "attempts": json["attempts"],
                "expire_at": json["expire_at"],
                "verified_at": domain.verified_at,
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
            "ownership_verification": null,
            "verification": affiliation,
            "total_pending_invitations": invitations.count(),
            "total_pending_suggestions": suggestions.count(),
            "public_organization_data": self.public_organization_json(organization),
            "created_at": domain.created_at,
            "updated_at": domain.updated_at,
        })
    }

    /// To the user a rejected request looks as if it were not answered.
    pub(in super::super) fn suggestion_json(
        &self,
        organization: &Organization,
        suggestion: &Suggestion,
    ) -> Value {
        let status = match suggestion.status {
            SuggestionStatus::Rejected => SuggestionStatus::Accepted,
            status => status,
        };
        json!({
            "object": "organization_suggestion",
            "id": suggestion.id,
            "public_organization_data": self.public_organization_json(organization),
            "status": status,
            "created_at": suggestion.created_at,
            "updated_at": suggestion.updated_at,
        })
    }

    /// What the admins see of a suggestion, once its user has asked.
    pub(in super::super) fn request_json(
        &self,
        organization: &Organization,
        suggestion: &Suggestion,
    ) -> Result<Option<Value>, Error> {
        let user = self.store.get::<User>(&suggestion.user_id)?;
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
            "public_user_data": self.public_user_data_json(&user),
            "created_at": suggestion.created_at,
            "updated_at": suggestion.updated_at,
        })))
    }
}
