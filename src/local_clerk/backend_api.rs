//! The Backend API: what servers call with the secret key, under `/v1`.

mod clients;
mod contacts;
mod external_accounts;
mod invitations;
mod jwt_templates;
mod organizations;
mod sessions;
mod tokens;
mod users;
mod waitlist;

use http::Method;

use super::{
    call::Route,
    model::ContactKind::{EmailAddress, PhoneNumber},
};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

// One endpoint a line.
#[rustfmt::skip]
pub(super) const ROUTES: &[Route] = &[
    (GET, "/v1/jwks", tokens::jwks),
    (GET, "/v1/clients/handshake_payload", clients::handshake_payload),
    (GET, "/v1/clients/{id}", clients::get),
    (POST, "/v1/email_addresses", |call| contacts::create(call, EmailAddress)),
    (GET, "/v1/email_addresses/{id}", |call| contacts::get(call, EmailAddress)),
    (PATCH, "/v1/email_addresses/{id}", |call| contacts::update(call, EmailAddress)),
    (DELETE, "/v1/email_addresses/{id}", |call| contacts::delete(call, EmailAddress)),
    (POST, "/v1/phone_numbers", |call| contacts::create(call, PhoneNumber)),
    (GET, "/v1/phone_numbers/{id}", |call| contacts::get(call, PhoneNumber)),
    (PATCH, "/v1/phone_numbers/{id}", |call| contacts::update(call, PhoneNumber)),
    (DELETE, "/v1/phone_numbers/{id}", |call| contacts::delete(call, PhoneNumber)),
    (GET, "/v1/invitations", invitations::list),
    (POST, "/v1/invitations", invitations::create),
    (POST, "/v1/invitations/bulk", invitations::create_many),
    (POST, "/v1/invitations/{id}/revoke", invitations::revoke),
    (GET, "/v1/waitlist_entries", waitlist::list),
    (POST, "/v1/waitlist_entries", waitlist::create),
    (POST, "/v1/waitlist_entries/bulk", waitlist::create_many),
    (DELETE, "/v1/waitlist_entries/{id}", waitlist::delete),
    (POST, "/v1/waitlist_entries/{id}/invite", waitlist::invite),
    (POST, "/v1/waitlist_entries/{id}/reject", waitlist::reject),
    (GET, "/v1/users", users::list),
    (POST, "/v1/users", users::create),
    (GET, "/v1/users/count", users::count),
    (GET, "/v1/users/{id}", users::get),
    (PATCH, "/v1/users/{id}", users::update),
    (DELETE, "/v1/users/{id}", users::delete),
    (PATCH, "/v1/users/{id}/metadata", users::update_metadata),
    (PUT, "/v1/users/{id}/metadata", users::replace_metadata),
    (POST, "/v1/users/{id}/ban", users::ban),
    (POST, "/v1/users/{id}/unban", users::unban),
    (POST, "/v1/users/{id}/lock", users::lock),
    (POST, "/v1/users/{id}/unlock", users::unlock),
    (POST, "/v1/users/{id}/password/set_compromised", users::set_password_compromised),
    (POST, "/v1/users/{id}/password/unset_compromised", users::unset_password_compromised),
    (POST, "/v1/users/{id}/verify_password", users::verify_password),
    (GET, "/v1/users/{id}/oauth_access_tokens/{provider}", external_accounts::access_tokens),
    (DELETE, "/v1/users/{id}/external_accounts/{account_id}", external_accounts::delete),
    (GET, "/v1/users/{id}/billing/subscription", users::subscription),
    (GET, "/v1/users/{id}/organization_memberships", organizations::memberships_of_user),
    (GET, "/v1/organizations", organizations::list),
    (POST, "/v1/organizations", organizations::create),
    (GET, "/v1/organizations/{id}", organizations::get),
    (PATCH, "/v1/organizations/{id}", organizations::update),
    (DELETE, "/v1/organizations/{id}", organizations::delete),
    (PATCH, "/v1/organizations/{id}/metadata", organizations::update_metadata),
    (GET, "/v1/organizations/{id}/memberships", organizations::memberships),
    (POST, "/v1/organizations/{id}/memberships", organizations::add_member),
    (PATCH, "/v1/organizations/{id}/memberships/{user_id}", organizations::update_member),
    (DELETE, "/v1/organizations/{id}/memberships/{user_id}", organizations::remove_member),
    (GET, "/v1/organizations/{id}/invitations", organizations::invitations),
    (POST, "/v1/organizations/{id}/invitations", organizations::invite),
    (POST, "/v1/organizations/{id}/invitations/{invitation_id}/revoke", organizations::revoke_invitation),
    (GET, "/v1/billing/plans", users::plans),
    (GET, "/v1/sessions", sessions::list),
    (POST, "/v1/sessions", sessions::create),
    (GET, "/v1/sessions/{id}", sessions::get),
    (POST, "/v1/sessions/{id}/revoke", sessions::revoke),
    (POST, "/v1/sessions/{id}/refresh", sessions::refresh),
    (POST, "/v1/sessions/{id}/tokens", sessions::create_token),
    (POST, "/v1/sessions/{id}/tokens/{template}", sessions::create_template_token),
    (GET, "/v1/jwt_templates", jwt_templates::list),
    (POST, "/v1/jwt_templates", jwt_templates::create),
    (GET, "/v1/jwt_templates/{template_id}", jwt_templates::get),
    (PATCH, "/v1/jwt_templates/{template_id}", jwt_templates::update),
    (DELETE, "/v1/jwt_templates/{template_id}", jwt_templates::delete),
    (POST, "/v1/sign_in_tokens", tokens::create_sign_in_token),
    (POST, "/v1/sign_in_tokens/{id}/revoke", tokens::revoke),
    (POST, "/v1/actor_tokens", tokens::create_actor_token),
    (POST, "/v1/actor_tokens/{id}/revoke", tokens::revoke),
    (POST, "/v1/testing_tokens", tokens::create_testing_token),
];
