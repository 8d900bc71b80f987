//! The Frontend API, which clerk-js calls under `/__clerk/v1`.

mod agent_tasks;
mod answer;
mod api_keys;
mod billing;
mod browser;
mod client;
mod contacts;
mod domains;
mod email_links;
mod environment;
mod external_accounts;
mod handshake;
mod images;
mod invitations;
mod me;
mod me_password;
mod me_sessions;
mod members;
mod oauth;
mod organizations;
mod passkeys;
mod phone_second_factor;
mod profile_image;
pub(crate) mod provider;
mod redirects;
mod reverification;
mod second_factors;
mod sessions;
mod sign_in;
mod sign_in_attempt;
mod sign_in_factors;
mod sign_up;
mod suggestions;

use http::Method;

use crate::{
    http::Route,
    model::{
        ContactKind::{EmailAddress, PhoneNumber},
        Payer::{Organization, User},
    },
};

pub(crate) use browser::finish;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

// One endpoint a line.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    (GET, "/.well-known/jwks.json", environment::jwks),
    (GET, "/v1/health", environment::health),
    (GET, "/v1/environment", environment::get),
    (PATCH, "/v1/environment", environment::get),
    (PATCH, "/v1/dev_tools/enable_environment_setting", environment::enable_setting),
    (POST, "/v1/dev_browser", client::create_dev_browser),
    (GET, "/v1/client", client::get),
    (PUT, "/v1/client", client::create),
    (POST, "/v1/client", client::create),
    (DELETE, "/v1/client", client::delete),
    (GET, "/v1/oauth_callback", oauth::callback),
    (POST, "/v1/oauth_callback", oauth::post_callback),
    (GET, "/v1/client/handshake", handshake::handshake),
    (GET, "/v1/client/touch", client::touch),
    (DELETE, "/v1/client/sessions", sessions::remove_all),
    (GET, "/v1/client/sessions/{id}", sessions::get),
    (POST, "/v1/client/sessions/{id}/touch", sessions::touch),
    (POST, "/v1/client/sessions/{id}/end", sessions::end),
    (POST, "/v1/client/sessions/{id}/remove", sessions::remove),
    (POST, "/v1/client/sessions/{id}/tokens", sessions::create_token),
    (POST, "/v1/client/sessions/{id}/tokens/{template}", sessions::create_template_token),
    (POST, "/v1/client/sessions/{id}/verify", reverification::start),
    (POST, "/v1/client/sessions/{id}/verify/prepare_first_factor", reverification::prepare_first),
    (POST, "/v1/client/sessions/{id}/verify/attempt_first_factor", reverification::attempt_first),
    (POST, "/v1/client/sessions/{id}/verify/prepare_second_factor", reverification::prepare_second),
    (POST, "/v1/client/sessions/{id}/verify/attempt_second_factor", reverification::attempt_second),
    (POST, "/v1/client/sign_ups", sign_up::create),
    (GET, "/v1/client/sign_ups/{id}", sign_up::get),
    (PATCH, "/v1/client/sign_ups/{id}", sign_up::update),
    (POST, "/v1/client/sign_ups/{id}/prepare_verification", sign_up::prepare_verification),
    (POST, "/v1/client/sign_ups/{id}/attempt_verification", sign_up::attempt_verification),
    (POST, "/v1/client/sign_ins", sign_in::create),
    (GET, "/v1/client/sign_ins/{id}", sign_in::get),
    (POST, "/v1/client/sign_ins/{id}/prepare_first_factor", sign_in_factors::prepare_first),
    (POST, "/v1/client/sign_ins/{id}/attempt_first_factor", sign_in_factors::attempt_first),
    (POST, "/v1/client/sign_ins/{id}/prepare_second_factor", sign_in_factors::prepare_second),
    (POST, "/v1/client/sign_ins/{id}/attempt_second_factor", sign_in_factors::attempt_second),
    (POST, "/v1/client/sign_ins/{id}/reset_password", sign_in_factors::reset_password),
    (GET, "/v1/agents/tasks", agent_tasks::start),
    (GET, "/v1/tickets/accept", invitations::accept_ticket),
    (GET, "/v1/verify", email_links::verify),
    (POST, "/v1/waitlist", invitations::join_waitlist),
    (GET, "/api_keys", api_keys::list),
    (POST, "/api_keys", api_keys::create),
    (PATCH, "/api_keys/{id}", api_keys::update),
    (POST, "/api_keys/{id}/revoke", api_keys::revoke),
    (GET, "/v1/me", me::get),
    (PATCH, "/v1/me", me::update),
    (DELETE, "/v1/me", me::delete),
    (PATCH, "/v1/me/metadata", me::update_metadata),
    (POST, "/v1/me/profile_image", profile_image::upload),
    (DELETE, "/v1/me/profile_image", profile_image::delete),
    (POST, "/v1/me/change_password", me_password::change),
    (POST, "/v1/me/remove_password", me_password::remove),
    (POST, "/v1/me/external_accounts", external_accounts::create),
    (PATCH, "/v1/me/external_accounts/{id}/reauthorize", external_accounts::reauthorize),
    (DELETE, "/v1/me/external_accounts/{id}", external_accounts::delete),
    (DELETE, "/v1/me/external_accounts/{id}/tokens", external_accounts::delete_tokens),
    (POST, "/v1/me/totp", second_factors::create_totp),
    (DELETE, "/v1/me/totp", second_factors::delete_totp),
    (POST, "/v1/me/totp/attempt_verification", second_factors::verify_totp),
    (POST, "/v1/me/backup_codes", second_factors::create_backup_codes),
    (POST, "/v1/me/passkeys", passkeys::create),
    (GET, "/v1/me/passkeys/{id}", passkeys::get),
    (PATCH, "/v1/me/passkeys/{id}", passkeys::update),
    (DELETE, "/v1/me/passkeys/{id}", passkeys::delete),
    (POST, "/v1/me/passkeys/{id}/attempt_verification", passkeys::attempt_verification),
    (GET, "/v1/me/sessions", me_sessions::list),
    (GET, "/v1/me/sessions/active", me_sessions::active),
    (POST, "/v1/me/sessions/{id}/revoke", me_sessions::revoke),
    (GET, "/v1/me/email_addresses", |cx, request| contacts::list(cx, request, EmailAddress)),
    (POST, "/v1/me/email_addresses", |cx, request| contacts::create(cx, request, EmailAddress)),
    (GET, "/v1/me/email_addresses/{id}", |cx, request| contacts::get(cx, request, EmailAddress)),
    (DELETE, "/v1/me/email_addresses/{id}", |cx, request| contacts::delete(cx, request, EmailAddress)),
    (POST, "/v1/me/email_addresses/{id}/prepare_verification", |cx, request| contacts::prepare_verification(cx, request, EmailAddress)),
    (POST, "/v1/me/email_addresses/{id}/attempt_verification", |cx, request| contacts::attempt_verification(cx, request, EmailAddress)),
    (GET, "/v1/me/phone_numbers", |cx, request| contacts::list(cx, request, PhoneNumber)),
    (POST, "/v1/me/phone_numbers", |cx, request| contacts::create(cx, request, PhoneNumber)),
    (GET, "/v1/me/phone_numbers/{id}", |cx, request| contacts::get(cx, request, PhoneNumber)),
    (PATCH, "/v1/me/phone_numbers/{id}", phone_second_factor::update),
    (DELETE, "/v1/me/phone_numbers/{id}", |cx, request| contacts::delete(cx, request, PhoneNumber)),
    (POST, "/v1/me/phone_numbers/{id}/prepare_verification", |cx, request| contacts::prepare_verification(cx, request, PhoneNumber)),
    (POST, "/v1/me/phone_numbers/{id}/attempt_verification", |cx, request| contacts::attempt_verification(cx, request, PhoneNumber)),
    (GET, "/v1/me/organization_memberships", members::mine),
    (DELETE, "/v1/me/organization_memberships/{id}", members::leave),
    (GET, "/v1/me/organization_invitations", members::my_invitations),
    (POST, "/v1/me/organization_invitations/{id}/accept", members::accept_invitation),
    (GET, "/v1/me/organization_suggestions", suggestions::mine),
    (POST, "/v1/me/organization_suggestions/{id}/accept", suggestions::accept),
    (GET, "/v1/me/oauth/consent/{client_id}", provider::consent::get),
    (POST, "/v1/me/oauth/consent/{client_id}", provider::consent::decide),
    (GET, "/v1/me/organization_creation_defaults", organizations::creation_defaults),
    (POST, "/v1/organizations", organizations::create),
    (GET, "/v1/organizations/{id}", organizations::get),
    (PATCH, "/v1/organizations/{id}", organizations::update),
    (DELETE, "/v1/organizations/{id}", organizations::delete),
    (PUT, "/v1/organizations/{id}/logo", organizations::upload_logo),
    (DELETE, "/v1/organizations/{id}/logo", organizations::delete_logo),
    (GET, "/v1/organizations/{id}/roles", organizations::roles),
    (GET, "/v1/organizations/{id}/domains", domains::list),
    (POST, "/v1/organizations/{id}/domains", domains::create),
    (GET, "/v1/organizations/{id}/domains/{domain_id}", domains::get),
    (DELETE, "/v1/organizations/{id}/domains/{domain_id}", domains::delete),
    (POST, "/v1/organizations/{id}/domains/{domain_id}/prepare_affiliation_verification", domains::prepare_affiliation),
    (POST, "/v1/organizations/{id}/domains/{domain_id}/attempt_affiliation_verification", domains::attempt_affiliation),
    (POST, "/v1/organizations/{id}/domains/{domain_id}/update_enrollment_mode", domains::update_enrollment_mode),
    (GET, "/v1/organizations/{id}/membership_requests", suggestions::requests),
    (POST, "/v1/organizations/{id}/membership_requests/{request_id}/accept", suggestions::accept_request),
    (POST, "/v1/organizations/{id}/membership_requests/{request_id}/reject", suggestions::reject_request),
    (GET, "/v1/organizations/{id}/memberships", members::list),
    (POST, "/v1/organizations/{id}/memberships", members::add),
    (PATCH, "/v1/organizations/{id}/memberships/{user_id}", members::update),
    (DELETE, "/v1/organizations/{id}/memberships/{user_id}", members::remove),
    (GET, "/v1/organizations/{id}/invitations", members::invitations),
    (POST, "/v1/organizations/{id}/invitations", members::invite),
    (GET, "/v1/organizations/{id}/invitations/pending", members::pending_invitations),
    (POST, "/v1/organizations/{id}/invitations/bulk", members::invite_many),
    (POST, "/v1/organizations/{id}/invitations/{invitation_id}/revoke", members::revoke_invitation),
    (GET, "/v1/billing/plans", billing::plans),
    (GET, "/v1/billing/plans/{id}", billing::plan),
    (GET, "/v1/me/billing/subscription", |cx, request| billing::subscription(cx, request, User)),
    (GET, "/v1/me/billing/subscription_items", |cx, request| billing::subscription_items(cx, request, User)),
    (DELETE, "/v1/me/billing/subscription_items/{id}", |cx, request| billing::cancel(cx, request, User)),
    (GET, "/v1/me/billing/payment_methods", |cx, request| billing::payment_methods(cx, request, User)),
    (POST, "/v1/me/billing/payment_methods", billing::no_card_form),
    (POST, "/v1/me/billing/payment_methods/initialize", billing::no_card_form),
    (DELETE, "/v1/me/billing/payment_methods/{id}", |cx, request| billing::remove_payment_method(cx, request, User)),
    (PUT, "/v1/me/billing/payers/default_payment_method", |cx, request| billing::set_default_payment_method(cx, request, User)),
    (POST, "/v1/me/billing/checkouts", |cx, request| billing::checkouts::create(cx, request, User)),
    (GET, "/v1/me/billing/checkouts/{id}", |cx, request| billing::checkouts::get(cx, request, User)),
    (PATCH, "/v1/me/billing/checkouts/{id}", |cx, request| billing::checkouts::apply_promo_code(cx, request, User)),
    (PATCH, "/v1/me/billing/checkouts/{id}/confirm", |cx, request| billing::checkouts::confirm(cx, request, User)),
    (GET, "/v1/me/billing/statements", |cx, request| billing::payments::statements(cx, request, User)),
    (GET, "/v1/me/billing/statements/{id}", |cx, request| billing::payments::statement(cx, request, User)),
    (GET, "/v1/me/billing/payment_attempts", |cx, request| billing::payments::payment_attempts(cx, request, User)),
    (GET, "/v1/me/billing/payment_attempts/{id}", |cx, request| billing::payments::payment_attempt(cx, request, User)),
    (GET, "/v1/me/billing/credits", |cx, request| billing::credits(cx, request, User)),
    (GET, "/v1/me/billing/credits/history", |cx, request| billing::credit_history(cx, request, User)),
    (GET, "/v1/organizations/{id}/billing/subscription", |cx, request| billing::subscription(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/subscription_items", |cx, request| billing::subscription_items(cx, request, Organization)),
    (DELETE, "/v1/organizations/{id}/billing/subscription_items/{item_id}", |cx, request| billing::cancel(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/payment_methods", |cx, request| billing::payment_methods(cx, request, Organization)),
    (POST, "/v1/organizations/{id}/billing/payment_methods", billing::no_card_form),
    (POST, "/v1/organizations/{id}/billing/payment_methods/initialize", billing::no_card_form),
    (DELETE, "/v1/organizations/{id}/billing/payment_methods/{item_id}", |cx, request| billing::remove_payment_method(cx, request, Organization)),
    (PUT, "/v1/organizations/{id}/billing/payers/default_payment_method", |cx, request| billing::set_default_payment_method(cx, request, Organization)),
    (POST, "/v1/organizations/{id}/billing/checkouts", |cx, request| billing::checkouts::create(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/checkouts/{item_id}", |cx, request| billing::checkouts::get(cx, request, Organization)),
    (PATCH, "/v1/organizations/{id}/billing/checkouts/{item_id}", |cx, request| billing::checkouts::apply_promo_code(cx, request, Organization)),
    (PATCH, "/v1/organizations/{id}/billing/checkouts/{item_id}/confirm", |cx, request| billing::checkouts::confirm(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/statements", |cx, request| billing::payments::statements(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/statements/{item_id}", |cx, request| billing::payments::statement(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/payment_attempts", |cx, request| billing::payments::payment_attempts(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/payment_attempts/{item_id}", |cx, request| billing::payments::payment_attempt(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/credits", |cx, request| billing::credits(cx, request, Organization)),
    (GET, "/v1/organizations/{id}/billing/credits/history", |cx, request| billing::credit_history(cx, request, Organization)),
];

/// Images, which need no client.
pub(crate) const IMAGE_ROUTES: &[Route] = &[
    (GET, "/images/{id}", images::serve),
    (GET, "/avatars/{hue}/{name}", images::avatar),
];
