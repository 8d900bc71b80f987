//! Suggestions to join an organization because of an e-mail address, and the requests that they become.

use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{MANAGE_MEMBERS, Organization, SuggestionStatus},
    store::links,
    view,
};

use super::{answer, browser, organizations::permitted};

pub(super) fn mine(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    cx.enroll_in_all(&caller.user)?;
    let status = request.query.list("status");
    let mut suggestions = Vec::new();
    for organization in cx
        .store
        .linked::<Organization>(&links::SUGGESTED, &[&caller.user.id])?
    {
        for suggestion in &organization.suggestions {
            if suggestion.user_id == caller.user.id {
                suggestions.push(view::suggestion(cx, &organization, suggestion));
            }
        }
    }
    suggestions.retain(|json| status.is_empty() || status.iter().any(|one| json["status"] == one.as_str()));
    answer::with_page(cx, request, &caller, &suggestions)
}

/// Requests membership of a suggested organization.
pub(super) fn accept(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    let id = request.path("id");
    for mut organization in cx.store.linked::<Organization>(&links::SUGGESTION, &[&id])? {
        let own = organization.suggestions.iter_mut().find(|suggestion| {
            suggestion.id == id
                && suggestion.user_id == caller.user.id
                && suggestion.status == SuggestionStatus::Pending
        });
        if let Some(suggestion) = own {
            suggestion.set_status(SuggestionStatus::Accepted, cx.now);
            let response = suggestion.clone();
            cx.store.put(&organization)?;
            let response = view::suggestion(cx, &organization, &response);
            return answer::with_client(cx, &response, &caller.client);
        }
    }
    Err(ApiError::not_found("organization suggestion", &id).into())
}

pub(super) fn requests(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (caller, organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let status = request.query.list("status");
    let mut requests = Vec::new();
    for suggestion in organization.suggestions.iter().rev() {
        requests.extend(view::request(cx, &organization, suggestion)?);
    }
    requests.retain(|json: &Value| {
        status.is_empty() || status.iter().any(|status| json["status"] == status.as_str())
    });
    answer::with_page(cx, request, &caller, &requests)
}

pub(super) fn accept_request(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    decide_request(cx, request, SuggestionStatus::Completed)
}

pub(super) fn reject_request(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    decide_request(cx, request, SuggestionStatus::Rejected)
}

fn decide_request(cx: &Context<'_>, request: &Request, status: SuggestionStatus) -> Result<Reply, Error> {
    let (caller, mut organization) = permitted(cx, request, MANAGE_MEMBERS)?;
    let id = request.path("request_id");
    let is_full = organization.is_full();
    let request = organization.suggestions.iter_mut().find(|suggestion| {
        suggestion.request_id().as_ref() == Some(&id) && suggestion.status == SuggestionStatus::Accepted
    });
    let request = request.ok_or_else(|| ApiError::not_found("organization membership request", &id))?;
    request.set_status(status, cx.now);
    let request = request.clone();
    if status == SuggestionStatus::Completed && organization.membership(&request.user_id).is_none() {
        if is_full {
            return Err(ApiError::organization_full().into());
        }
        organization.add_member(&request.user_id, &cx.role_set()?.default_role, cx.now);
    }
    cx.store.put(&organization)?;
    let response = view::request(cx, &organization, &request)?.unwrap_or_default();
    answer::with_client(cx, &response, &caller.client)
}
