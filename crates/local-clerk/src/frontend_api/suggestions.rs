//! Joining an organization because of one's e-mail address: suggestions, and the requests they become.

use serde_json::Value;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{EnrollmentMode, Invitation, Organization, Role, Suggestion, SuggestionStatus, User},
        reply::Reply,
    },
    members::answer_with_page,
    organizations::admin,
};

pub(super) fn mine(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    call.enroll_in_all(&caller.user)?;
    let status = call.query.list("status");
    let mut suggestions = Vec::new();
    for organization in call.store.all::<Organization>()? {
        for suggestion in &organization.suggestions {
            if suggestion.user_id == caller.user.id {
                suggestions.push(call.suggestion_json(&organization, suggestion));
            }
        }
    }
    suggestions.retain(|json| status.is_empty() || status.iter().any(|one| json["status"] == one.as_str()));
    answer_with_page(call, &caller, &suggestions)
}

/// The user asks to be let in.
pub(super) fn accept(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    let id = call.path("id");
    for mut organization in call.store.all::<Organization>()? {
        let own = organization.suggestions.iter_mut().find(|suggestion| {
            suggestion.id == id
                && suggestion.user_id == caller.user.id
                && suggestion.status == SuggestionStatus::Pending
        });
        if let Some(suggestion) = own {
            suggestion.settle(SuggestionStatus::Accepted, call.now);
            let response = suggestion.clone();
            call.store.put(&organization)?;
            let response = call.suggestion_json(&organization, &response);
            return call.wrapped(&response, &caller.client);
        }
    }
    Err(ApiError::not_found("organization suggestion", &id).into())
}

pub(super) fn requests(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (caller, organization) = admin(call)?;
    let status = call.query.list("status");
    let mut requests = Vec::new();
    for suggestion in organization.suggestions.iter().rev() {
        requests.extend(call.request_json(&organization, suggestion)?);
    }
    requests.retain(|json: &Value| {
        status.is_empty() || status.iter().any(|status| json["status"] == status.as_str())
    });
    answer_with_page(call, &caller, &requests)
}

pub(super) fn accept_request(call: &mut Call<'_>) -> Result<Reply, Error> {
    answer(call, SuggestionStatus::Completed)
}

pub(super) fn reject_request(call: &mut Call<'_>) -> Result<Reply, Error> {
    answer(call, SuggestionStatus::Rejected)
}

fn answer(call: &Call<'_>, status: SuggestionStatus) -> Result<Reply, Error> {
    let (caller, mut organization) = admin(call)?;
    let id = call.path("request_id");
    let is_full = organization.is_full();
    let request = organization.suggestions.iter_mut().find(|suggestion| {
        suggestion.request_id().as_ref() == Some(&id) && suggestion.status == SuggestionStatus::Accepted
    });
    let request = request.ok_or_else(|| ApiError::not_found("organization membership request", &id))?;
    request.settle(status, call.now);
    let request = request.clone();
    if status == SuggestionStatus::Completed && organization.membership(&request.user_id).is_none() {
        if is_full {
            return Err(ApiError::organization_full().into());
        }
        organization.add_member(&request.user_id, Role::Member, call.now);
    }
    call.store.put(&organization)?;
    let response = call.request_json(&organization, &request)?.unwrap_or_default();
    call.wrapped(&response, &caller.client)
}

impl Call<'_> {
    /// Brings what the domains of all organizations offer a user up to date.
    pub(super) fn enroll_in_all(&self, user: &User) -> Result<(), Error> {
        if self.settings()?.organization_domains {
            for mut organization in self.store.all::<Organization>()? {
                self.enroll(&mut organization, user)?;
            }
        }
        Ok(())
    }

    /// Offers a user what the organization's domains do, once.
    pub(super) fn enroll(&self, organization: &mut Organization, user: &User) -> Result<(), Error> {
        if organization.membership(&user.id).is_some() {
            return Ok(());
        }
        for domain in organization.domains.clone() {
            let Some(address) = domain.address_of(user) else {
                continue;
            };
            match domain.enrollment_mode {
                EnrollmentMode::ManualInvitation => continue,
                EnrollmentMode::AutomaticInvitation => {
                    let mut known = organization.invitations.iter();
                    if known.any(|invitation| invitation.email_address == address) || organization.is_full() {
                        continue;
                    }
                    let mut invitation = Invitation::new(address.to_owned(), Role::Member, self.now);
                    invitation.domain_id = Some(domain.id);
                    organization.invitations.push(invitation);
                }
                EnrollmentMode::AutomaticSuggestion => {
                    let mut known = organization.suggestions.iter();
                    if known.any(|suggestion| suggestion.user_id == user.id) {
                        continue;
                    }
                    let suggestion = Suggestion::new(&user.id, &domain.id, self.now);
                    organization.suggestions.push(suggestion);
                }
            }
            self.store.put(organization)?;
        }
        Ok(())
    }
}
