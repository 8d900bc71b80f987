//! How stored documents look in JSON.

mod api_key;
mod attempt;
mod billing;
mod client;
mod credit;
mod domain;
mod external_account;
mod image;
mod invitation;
mod machine;
mod oauth_application;
mod oauth_token;
mod organization;
mod passkey;
mod payer;
mod redirect_url;
mod restrictions;
mod role;
mod session;
mod social;
mod template_token;
mod token;
mod user;
mod verification;

pub(crate) use api_key::api_key;
pub(crate) use attempt::{first_factors, second_factors, sign_in, sign_up};
pub(crate) use billing::{
    checkout, list, payment_attempt, payment_method, plan, price, statement, subscription, subscription_item,
};
pub(crate) use client::client;
pub(crate) use credit::{credit_balance, credit_entry};
pub(crate) use domain::{domain, request, suggestion};
pub(crate) use external_account::external_account;
pub(crate) use image::{avatar_path, image_path};
pub(crate) use invitation::{application_invitation, waitlist_entry};
pub(crate) use machine::{m2m_token, machine};
pub(crate) use oauth_application::{oauth_application, oauth_consent};
pub(crate) use oauth_token::{access_token_jwt, id_token, oauth_access_token, token_info, user_info};
pub(crate) use organization::{
    backend_organization, invitation, membership, memberships, organization, public_organization,
};
pub(crate) use passkey::{backend_passkey, passkey};
pub(crate) use payer::{payer_of_organization, payer_of_user};
pub(crate) use redirect_url::redirect_url;
pub(crate) use restrictions::listed_identifier;
pub(crate) use role::{permission, role, role_set, roles};
pub(crate) use session::{backend_session, device, session};
pub(crate) use social::social;
pub(crate) use template_token::{custom_claims, jwt_template, template_token};
pub(crate) use token::{
    MAX_COOKIE, backend_token, excessive_cookie, session_token, token, token_with_lifetime,
};
pub(crate) use user::{backend_user, contact, contacts, image_url, public_user_data, user};
pub(crate) use verification::verification;

use serde_json::{Value, json};

use crate::model::{Organization, User};

/// Renders a deleted document.
pub(crate) fn deleted(object: &str, id: &str) -> Value {
    json!({ "object": object, "id": id, "deleted": true })
}

/// Renders a deleted user for a backend, which may know the user by its own id only.
pub(crate) fn deleted_user(user: &User) -> Value {
    let mut json = deleted("user", &user.id);
    if let Some(external_id) = &user.external_id {
        json["external_id"] = json!(external_id);
    }
    json
}

/// Renders a deleted organization for a backend.
pub(crate) fn deleted_organization(organization: &Organization) -> Value {
    let mut json = deleted("organization", &organization.id);
    json["slug"] = json!(organization.slug);
    json
}
