//! Calls the Backend API with clerk-rs, and protects an axum app with it.

use std::{collections::HashMap, env, error::Error};

use axum::{Extension, Router, routing::get};
use clerk_rs::{
    Clerk, ClerkConfiguration,
    apis::{
        email_addresses_api as emails, invitations_api as invitations, jwt_templates_api as templates,
        organization_invitations_api as organization_invitations,
        organization_memberships_api as memberships, organizations_api as organizations,
        sessions_api as sessions, sign_in_tokens_api as sign_in_tokens, testing_tokens_api as testing_tokens,
        users_api as users,
    },
    models,
    validators::{authorizer::ClerkJwt, axum::ClerkLayer, jwks::MemoryCacheJwksProvider},
};
use tokio::net::TcpListener;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let configuration = ClerkConfiguration::new(env::var("CLERK_SECRET_KEY")?)
        .with_base_path(format!("{}/v1", env::var("CLERK_API_URL")?));
    let clerk = Clerk::new(configuration);
    let config = &clerk.config;

    let jane = users::create_user(
        config,
        models::CreateUserRequest {
            email_address: Some(vec!["jane@example.com".to_owned()]),
            password: Some(Some("correct horse battery".to_owned())),
            first_name: Some(Some("Jane".to_owned())),
            ..models::CreateUserRequest::new()
        },
    )
    .await?;
    users(&clerk, &jane).await?;
    let organization = organizations(&clerk, &jane).await?;
    let token = sessions(&clerk, &jane, &organization).await?;
    serve(&clerk, &jane.id, &token).await?;

    let deleted = organizations::delete_organization(config, &organization.id).await?;
    assert!(deleted.deleted);
    assert!(users::delete_user(config, &jane.id).await?.deleted);
    assert!(users::get_user(config, &jane.id).await.is_err());
    Ok(())
}

async fn users(clerk: &Clerk, jane: &models::User) -> Outcome {
    let config = &clerk.config;
    assert_eq!(users::get_user(config, &jane.id).await?.id, jane.id);
    let change = models::UpdateUserRequest {
        last_name: Some(Some("Doe".to_owned())),
        ..models::UpdateUserRequest::new()
    };
    let changed = users::update_user(config, &jane.id, change).await?;
    assert_eq!(changed.last_name.as_deref(), Some("Doe"));
    let metadata = models::UpdateUserMetadataRequest {
        public_metadata: Some(HashMap::from([("plan".to_owned(), "pro".into())])),
        ..models::UpdateUserMetadataRequest::new()
    };
    let changed = users::update_user_metadata(config, &jane.id, Some(metadata)).await?;
    assert_eq!(changed.public_metadata["plan"], "pro");

    let email = vec!["jane@example.com".to_owned()];
    #[rustfmt::skip]
    let found = users::get_user_list(
        config, Some(email), None, None, None, None, None, None, None, None, None, None, None, None, None, None,
        None, None, None, None, None, None, None, Some(10), Some(0), None, Some("-created_at"),
    )
    .await?;
    assert_eq!(found.len(), 1);
    #[rustfmt::skip]
    let count = users::get_users_count(
        config, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None,
        None, None, None, None, None, None,
    )
    .await?;
    assert!(count.total_count >= 1);

    let password = models::VerifyPasswordRequest::new("correct horse battery".to_owned());
    assert_eq!(
        users::verify_password(config, &jane.id, Some(password))
            .await?
            .verified,
        Some(true)
    );
    let address = models::CreateEmailAddressRequest {
        verified: Some(Some(true)),
        ..models::CreateEmailAddressRequest::new(jane.id.clone(), "work@example.com".to_owned())
    };
    let address = emails::create_email_address(config, Some(address)).await?;
    let address = address.id.ok_or("an e-mail address without an id")?;
    emails::get_email_address(config, &address).await?;
    emails::delete_email_address(config, &address).await?;
    assert!(users::ban_user(config, &jane.id).await?.banned);
    assert!(!users::unban_user(config, &jane.id).await?.banned);
    assert!(users::lock_user(config, &jane.id).await?.locked);
    assert!(!users::unlock_user(config, &jane.id).await?.locked);

    let invitation = models::CreateInvitationRequest::new("joe@example.com".to_owned());
    let invitation = invitations::create_invitation(config, Some(invitation)).await?;
    let pending =
        invitations::list_invitations(config, Some("pending"), None, None, None, None, None).await?;
    assert_eq!(pending.len(), 1);
    invitations::revoke_invitation(config, &invitation.id).await?;
    Ok(())
}

async fn organizations(clerk: &Clerk, jane: &models::User) -> Outcome<models::Organization> {
    let config = &clerk.config;
    let request = models::CreateOrganizationRequest {
        created_by: Some(Some(jane.id.clone())),
        ..models::CreateOrganizationRequest::new("Acme".to_owned())
    };
    let organization = organizations::create_organization(config, Some(request)).await?;
    let found = organizations::get_organization(config, &organization.id, Some(true), None).await?;
    assert_eq!(found.members_count, Some(1));
    let change = models::UpdateOrganizationRequest {
        name: Some(Some("Acme Corporation".to_owned())),
        ..models::UpdateOrganizationRequest::new()
    };
    let changed = organizations::update_organization(config, &organization.id, change).await?;
    assert_eq!(changed.name, "Acme Corporation");
    let all =
        organizations::list_organizations(config, None, None, None, None, None, None, None, None).await?;
    assert!(all.data.iter().any(|one| one.id == organization.id));

    let joe = users::create_user(
        config,
        models::CreateUserRequest {
            email_address: Some(vec!["joe@example.com".to_owned()]),
            skip_password_requirement: Some(Some(true)),
            ..models::CreateUserRequest::new()
        },
    )
    .await?;
    let member = models::CreateOrganizationMembershipRequest::new(joe.id.clone(), "org:member".to_owned());
    memberships::create_organization_membership(config, &organization.id, member).await?;
    let admin = models::UpdateOrganizationMembershipRequest::new("org:admin".to_owned());
    let admin = memberships::update_organization_membership(config, &organization.id, &joe.id, admin).await?;
    assert_eq!(admin.role, "org:admin");
    #[rustfmt::skip]
    let members = memberships::list_organization_memberships(
        config, &organization.id, None, None, None, None, None, None, None, None, None, None, None, None, None,
        None, None, None, None, None,
    )
    .await?;
    assert_eq!(members.total_count, 2);
    let of_jane = users::users_get_organization_memberships(config, &jane.id, None, None).await?;
    assert_eq!(of_jane.total_count, 1);
    memberships::delete_organization_membership(config, &organization.id, &joe.id).await?;
    users::delete_user(config, &joe.id).await?;

    let invitation = models::CreateOrganizationInvitationRequest::new(
        "jim@example.com".to_owned(),
        "org:member".to_owned(),
    );
    organization_invitations::create_organization_invitation(config, &organization.id, Some(invitation))
        .await?;
    let invitations = organization_invitations::list_organization_invitations(
        config,
        &organization.id,
        None,
        None,
        None,
        None,
        None,
    )
    .await?;
    assert_eq!(invitations.total_count, 1);
    Ok(organization)
}

/// Returns a session token.
async fn sessions(
    clerk: &Clerk,
    jane: &models::User,
    organization: &models::Organization,
) -> Outcome<String> {
    let config = &clerk.config;
    let request = models::CreateSessionRequest {
        active_organization_id: Some(organization.id.clone()),
        ..models::CreateSessionRequest::new(jane.id.clone())
    };
    let session = sessions::create_session(config, Some(request)).await?;
    assert_eq!(sessions::get_session(config, &session.id).await?.user_id, jane.id);
    let all =
        sessions::get_session_list(config, None, Some(&jane.id), Some("active"), None, None, None).await?;
    assert_eq!(all.len(), 1);
    let token = sessions::create_session_token(config, &session.id, None).await?;

    let second =
        sessions::create_session(config, Some(models::CreateSessionRequest::new(jane.id.clone()))).await?;
    sessions::revoke_session(config, &second.id).await?;
    let request = models::CreateSignInTokenRequest::new(jane.id.clone());
    let ticket = sign_in_tokens::create_sign_in_token(config, Some(request)).await?;
    sign_in_tokens::revoke_sign_in_token(config, &ticket.id).await?;
    testing_tokens::create_testing_token(config).await?;
    assert!(
        templates::list_jwt_templates(config, None, None, None)
            .await?
            .is_empty()
    );
    Ok(token.jwt.ok_or("a session token without a JWT")?)
}

/// The middleware lets a request with the token pass, and no other one.
async fn serve(clerk: &Clerk, user: &str, token: &str) -> Outcome {
    let layer = ClerkLayer::new(MemoryCacheJwksProvider::new(clerk.clone()), None, true);
    let app = Router::new()
        .route("/me", get(async |Extension(jwt): Extension<ClerkJwt>| jwt.sub))
        .layer(layer);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/me", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, app).into_future());

    let client = reqwest::Client::new();
    assert_eq!(client.get(&url).send().await?.status(), 401);
    let by_header = client.get(&url).bearer_auth(token).send().await?;
    assert_eq!(by_header.text().await?, user);
    let by_cookie = client
        .get(&url)
        .header("cookie", format!("__session={token}"))
        .send()
        .await?;
    assert_eq!(by_cookie.text().await?, user);
    let forged = client.get(&url).bearer_auth(format!("{token}x")).send().await?;
    assert_eq!(forged.status(), 401);
    Ok(())
}
