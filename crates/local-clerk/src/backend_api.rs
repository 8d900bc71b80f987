//! The Backend API, which servers call with the secret key under `/v1`.

mod agent_tasks;
mod api_keys;
mod billing;
mod clients;
mod contact_verifications;
mod contacts;
mod credits;
mod external_accounts;
mod instance;
mod invitations;
mod jwt_templates;
mod m2m_tokens;
mod machines;
mod memberships;
mod oauth_applications;
mod oauth_settings;
mod organization_domains;
mod organization_invitations;
mod organizations;
mod permissions;
mod redirect_urls;
mod restrictions;
mod role_sets;
mod roles;
mod sessions;
mod sign_ups;
mod statements;
mod tokens;
mod user_credentials;
mod user_query;
mod users;
mod waitlist;
mod webhooks;

use http::Method;

use crate::{
    http::Route,
    model::{
        ContactKind::{EmailAddress, PhoneNumber},
        List::{Allow, Block},
        Payer, TicketKind,
    },
};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

// One endpoint a line.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    (GET, "/v1/jwks", tokens::jwks),
    (GET, "/v1/clients/handshake_payload", clients::handshake_payload),
    (GET, "/v1/clients", clients::list),
    (POST, "/v1/clients/verify", clients::verify),
    (GET, "/v1/clients/{id}", clients::get),
    (POST, "/v1/email_addresses", |cx, request| contacts::create(cx, request, EmailAddress)),
    (GET, "/v1/email_addresses/{id}", |cx, request| contacts::get(cx, request, EmailAddress)),
    (PATCH, "/v1/email_addresses/{id}", |cx, request| contacts::update(cx, request, EmailAddress)),
    (DELETE, "/v1/email_addresses/{id}", |cx, request| contacts::delete(cx, request, EmailAddress)),
    (POST, "/v1/email_addresses/{id}/prepare_verification", |cx, request| contact_verifications::prepare(cx, request, EmailAddress)),
    (POST, "/v1/email_addresses/{id}/attempt_verification", |cx, request| contact_verifications::attempt(cx, request, EmailAddress)),
    (POST, "/v1/phone_numbers", |cx, request| contacts::create(cx, request, PhoneNumber)),
    (GET, "/v1/phone_numbers/{id}", |cx, request| contacts::get(cx, request, PhoneNumber)),
    (PATCH, "/v1/phone_numbers/{id}", |cx, request| contacts::update(cx, request, PhoneNumber)),
    (DELETE, "/v1/phone_numbers/{id}", |cx, request| contacts::delete(cx, request, PhoneNumber)),
    (POST, "/v1/phone_numbers/{id}/prepare_verification", |cx, request| contact_verifications::prepare(cx, request, PhoneNumber)),
    (POST, "/v1/phone_numbers/{id}/attempt_verification", |cx, request| contact_verifications::attempt(cx, request, PhoneNumber)),
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
    (POST, "/v1/users/ban", |cx, request| users::set_banned(cx, request, true)),
    (POST, "/v1/users/unban", |cx, request| users::set_banned(cx, request, false)),
    (GET, "/v1/users/{id}", users::get),
    (PATCH, "/v1/users/{id}", users::update),
    (DELETE, "/v1/users/{id}", users::delete),
    (PATCH, "/v1/users/{id}/metadata", users::update_metadata),
    (PUT, "/v1/users/{id}/metadata", users::replace_metadata),
    (POST, "/v1/users/{id}/ban", users::ban),
    (POST, "/v1/users/{id}/unban", users::unban),
    (POST, "/v1/users/{id}/lock", users::lock),
    (POST, "/v1/users/{id}/unlock", users::unlock),
    (POST, "/v1/users/{id}/verify_password", user_credentials::verify_password),
    (GET, "/v1/users/{id}/oauth_access_tokens/{provider}", external_accounts::access_tokens),
    (DELETE, "/v1/users/{id}/external_accounts/{account_id}", external_accounts::delete),
    (DELETE, "/v1/users/{id}/web3_wallets/{wallet_id}", user_credentials::delete_web3_wallet),
    (GET, "/v1/users/{id}/billing/subscription", billing::of_user),
    (GET, "/v1/users/{id}/billing/credits", |cx, request| credits::get(cx, request, Payer::User)),
    (POST, "/v1/users/{id}/billing/credits", |cx, request| credits::adjust(cx, request, Payer::User)),
    (PUT, "/v1/users/{id}/email_address", |cx, request| contacts::replace(cx, request, EmailAddress)),
    (PUT, "/v1/users/{id}/phone_number", |cx, request| contacts::replace(cx, request, PhoneNumber)),
    (POST, "/v1/users/{id}/remove_password", user_credentials::remove_password),
    (POST, "/v1/users/{id}/password/set_compromised", user_credentials::set_password_compromised),
    (POST, "/v1/users/{id}/password/unset_compromised", user_credentials::unset_password_compromised),
    (DELETE, "/v1/users/{id}/passkeys/{passkey_id}", user_credentials::delete_passkey),
    (POST, "/v1/users/{id}/verify_totp", user_credentials::verify_totp),
    (DELETE, "/v1/users/{id}/totp", user_credentials::delete_totp),
    (DELETE, "/v1/users/{id}/backup_code", user_credentials::delete_backup_codes),
    (DELETE, "/v1/users/{id}/mfa", user_credentials::disable_mfa),
    (POST, "/v1/users/{id}/profile_image", user_credentials::upload_image),
    (DELETE, "/v1/users/{id}/profile_image", user_credentials::delete_image),
    (GET, "/v1/users/{id}/organization_memberships", memberships::of_user),
    (GET, "/v1/users/{id}/organization_invitations", organization_invitations::of_user),
    (GET, "/v1/organizations", organizations::list),
    (POST, "/v1/organizations", organizations::create),
    (GET, "/v1/organizations/{id}", organizations::get),
    (PATCH, "/v1/organizations/{id}", organizations::update),
    (DELETE, "/v1/organizations/{id}", organizations::delete),
    (PATCH, "/v1/organizations/{id}/metadata", organizations::update_metadata),
    (PUT, "/v1/organizations/{id}/metadata", organizations::replace_metadata),
    (PUT, "/v1/organizations/{id}/logo", organizations::upload_logo),
    (DELETE, "/v1/organizations/{id}/logo", organizations::delete_logo),
    (GET, "/v1/organizations/{id}/memberships", memberships::of_organization),
    (POST, "/v1/organizations/{id}/memberships", memberships::create),
    (PATCH, "/v1/organizations/{id}/memberships/{user_id}", memberships::update),
    (DELETE, "/v1/organizations/{id}/memberships/{user_id}", memberships::delete),
    (PATCH, "/v1/organizations/{id}/memberships/{user_id}/metadata", memberships::update_metadata),
    (GET, "/v1/organization_memberships", memberships::of_everybody),
    (GET, "/v1/organizations/{id}/invitations", organization_invitations::of_organization),
    (POST, "/v1/organizations/{id}/invitations", organization_invitations::create),
    (POST, "/v1/organizations/{id}/invitations/bulk", organization_invitations::create_bulk),
    (GET, "/v1/organizations/{id}/invitations/pending", organization_invitations::pending),
    (GET, "/v1/organizations/{id}/invitations/{invitation_id}", organization_invitations::get),
    (POST, "/v1/organizations/{id}/invitations/{invitation_id}/revoke", organization_invitations::revoke),
    (GET, "/v1/organizations/{id}/domains", organization_domains::of_organization),
    (POST, "/v1/organizations/{id}/domains", organization_domains::create),
    (PATCH, "/v1/organizations/{id}/domains/{domain_id}", organization_domains::update),
    (DELETE, "/v1/organizations/{id}/domains/{domain_id}", organization_domains::delete),
    (POST, "/v1/organizations/{id}/domains/{domain_id}/verify_ownership", organization_domains::verify_ownership),
    (GET, "/v1/organization_domains", organization_domains::of_everybody),
    (GET, "/v1/organization_invitations", organization_invitations::of_everybody),
    (GET, "/v1/organizations/{id}/billing/subscription", billing::of_organization),
    (GET, "/v1/organizations/{id}/billing/credits", |cx, request| credits::get(cx, request, Payer::Organization)),
    (POST, "/v1/organizations/{id}/billing/credits", |cx, request| credits::adjust(cx, request, Payer::Organization)),
    (GET, "/v1/billing/plans", billing::plans),
    (GET, "/v1/billing/prices", statements::prices),
    (GET, "/v1/billing/statements", statements::list),
    (GET, "/v1/billing/statements/{statement_id}", statements::get),
    (GET, "/v1/billing/statements/{statement_id}/payment_attempts", statements::payment_attempts),
    (GET, "/v1/billing/subscription_items", billing::items),
    (DELETE, "/v1/billing/subscription_items/{item_id}", billing::cancel),
    (GET, "/v1/sessions", sessions::list),
    (POST, "/v1/sessions", sessions::create),
    (GET, "/v1/sessions/{id}", sessions::get),
    (POST, "/v1/sessions/{id}/revoke", sessions::revoke),
    (POST, "/v1/sessions/{id}/verify", sessions::verify),
    (POST, "/v1/sessions/{id}/refresh", sessions::refresh),
    (POST, "/v1/sessions/{id}/tokens", sessions::create_token),
    (POST, "/v1/sessions/{id}/tokens/{template}", sessions::create_template_token),
    (GET, "/v1/jwt_templates", jwt_templates::list),
    (POST, "/v1/jwt_templates", jwt_templates::create),
    (GET, "/v1/jwt_templates/{template_id}", jwt_templates::get),
    (PATCH, "/v1/jwt_templates/{template_id}", jwt_templates::update),
    (DELETE, "/v1/jwt_templates/{template_id}", jwt_templates::delete),
    (GET, "/v1/sign_ups/{id}", sign_ups::get),
    (PATCH, "/v1/sign_ups/{id}", sign_ups::update),
    (GET, "/v1/domains", instance::domains),
    (GET, "/v1/instance", instance::get),
    (PATCH, "/v1/instance", instance::update),
    (PATCH, "/v1/instance/restrictions", instance::update_restrictions),
    (GET, "/v1/instance/communication", instance::communication),
    (GET, "/v1/instance/protect", instance::protect),
    (GET, "/v1/instance/organization_settings", instance::organization_settings),
    (PATCH, "/v1/instance/organization_settings", instance::update_organization_settings),
    (GET, "/v1/instance/oauth_application_settings", oauth_settings::get),
    (PATCH, "/v1/instance/oauth_application_settings", oauth_settings::update),
    (GET, "/v1/allowlist_identifiers", |cx, request| restrictions::list(cx, request, Allow)),
    (POST, "/v1/allowlist_identifiers", |cx, request| restrictions::create(cx, request, Allow)),
    (DELETE, "/v1/allowlist_identifiers/{identifier_id}", |cx, request| restrictions::delete(cx, request, Allow)),
    (GET, "/v1/blocklist_identifiers", |cx, request| restrictions::list(cx, request, Block)),
    (POST, "/v1/blocklist_identifiers", |cx, request| restrictions::create(cx, request, Block)),
    (DELETE, "/v1/blocklist_identifiers/{identifier_id}", |cx, request| restrictions::delete(cx, request, Block)),
    (GET, "/v1/redirect_urls", redirect_urls::list),
    (POST, "/v1/redirect_urls", redirect_urls::create),
    (GET, "/v1/redirect_urls/{id}", redirect_urls::get),
    (DELETE, "/v1/redirect_urls/{id}", redirect_urls::delete),
    (GET, "/v1/organization_roles", roles::list),
    (POST, "/v1/organization_roles", roles::create),
    (GET, "/v1/organization_roles/{role_id}", roles::get),
    (PATCH, "/v1/organization_roles/{role_id}", roles::update),
    (DELETE, "/v1/organization_roles/{role_id}", roles::delete),
    (POST, "/v1/organization_roles/{role_id}/permissions/{permission_id}", roles::assign_permission),
    (DELETE, "/v1/organization_roles/{role_id}/permissions/{permission_id}", roles::remove_permission),
    (GET, "/v1/organization_permissions", permissions::list),
    (POST, "/v1/organization_permissions", permissions::create),
    (GET, "/v1/organization_permissions/{permission_id}", permissions::get),
    (PATCH, "/v1/organization_permissions/{permission_id}", permissions::update),
    (DELETE, "/v1/organization_permissions/{permission_id}", permissions::delete),
    (GET, "/v1/role_sets", role_sets::list),
    (GET, "/v1/role_sets/{role_set_key_or_id}", role_sets::get),
    (PATCH, "/v1/role_sets/{role_set_key_or_id}", role_sets::update),
    (GET, "/v1/api_keys", api_keys::list),
    (POST, "/v1/api_keys", api_keys::create),
    (POST, "/v1/api_keys/verify", api_keys::verify),
    (GET, "/v1/api_keys/{api_key_id}", api_keys::get),
    (PATCH, "/v1/api_keys/{api_key_id}", api_keys::update),
    (DELETE, "/v1/api_keys/{api_key_id}", api_keys::delete),
    (GET, "/v1/api_keys/{api_key_id}/secret", api_keys::secret),
    (POST, "/v1/api_keys/{api_key_id}/revoke", api_keys::revoke),
    (GET, "/v1/oauth_applications", oauth_applications::list),
    (POST, "/v1/oauth_applications", oauth_applications::create),
    (POST, "/v1/oauth_applications/access_tokens/verify", oauth_applications::verify),
    (GET, "/v1/oauth_applications/{oauth_application_id}", oauth_applications::get),
    (PATCH, "/v1/oauth_applications/{oauth_application_id}", oauth_applications::update),
    (DELETE, "/v1/oauth_applications/{oauth_application_id}", oauth_applications::delete),
    (PUT, "/v1/oauth_applications/{oauth_application_id}/logo", oauth_applications::upload_logo),
    (POST, "/v1/oauth_applications/{oauth_application_id}/rotate_secret", oauth_applications::rotate_secret),
    (POST, "/v1/oauth_applications/{oauth_application_id}/revoke_token", oauth_applications::revoke_token),
    (GET, "/v1/machines", machines::list),
    (POST, "/v1/machines", machines::create),
    (GET, "/v1/machines/{machine_id}", machines::get),
    (PATCH, "/v1/machines/{machine_id}", machines::update),
    (DELETE, "/v1/machines/{machine_id}", machines::delete),
    (GET, "/v1/machines/{machine_id}/secret_key", machines::secret),
    (POST, "/v1/machines/{machine_id}/secret_key/rotate", machines::rotate_secret),
    (POST, "/v1/machines/{machine_id}/scopes", machines::create_scope),
    (DELETE, "/v1/machines/{machine_id}/scopes/{other_machine_id}", machines::delete_scope),
    (POST, "/v1/webhooks/svix", webhooks::create_app),
    (POST, "/v1/webhooks/svix_url", webhooks::dashboard_url),
    (POST, "/v1/sign_in_tokens", tokens::create_sign_in_token),
    (POST, "/v1/sign_in_tokens/{id}/revoke", |cx, request| tokens::revoke(cx, request, TicketKind::SignIn)),
    (POST, "/v1/actor_tokens", tokens::create_actor_token),
    (POST, "/v1/actor_tokens/{id}/revoke", |cx, request| tokens::revoke(cx, request, TicketKind::Actor)),
    (POST, "/v1/agents/tasks", agent_tasks::create),
    (POST, "/v1/agents/tasks/{id}/revoke", agent_tasks::revoke),
    (POST, "/v1/testing_tokens", tokens::create_testing_token),
];

/// The endpoints that also accept a machine's own key.
#[rustfmt::skip]
pub(crate) const MACHINE_ROUTES: &[Route] = &[
    (GET, "/v1/m2m_tokens", m2m_tokens::list),
    (POST, "/v1/m2m_tokens", m2m_tokens::create),
    (POST, "/v1/m2m_tokens/verify", m2m_tokens::verify),
    (POST, "/v1/m2m_tokens/{m2m_token_id}/revoke", m2m_tokens::revoke),
];
