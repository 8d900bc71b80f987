//! Signs up, in and out with clerk-fapi-rs: as a native app, and as a browser.

use std::{env, error::Error};

use clerk_fapi_rs::{
    Clerk, ClerkFapiConfiguration,
    models::{ClientSignIn, client_sign_in, client_sign_up},
};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const PASSWORD: &str = "correct horse battery";
const CODE: Option<&str> = Some("424242");

#[tokio::main]
async fn main() -> Outcome {
    let key = env::var("CLERK_PUBLISHABLE_KEY")?;
    let url = env::var("CLERK_FAPI_URL")?;
    let native = ClerkFapiConfiguration::new(key.clone(), Some(url.clone()), None)?;
    let native = Clerk::new(native);
    native.load().await?;
    run(native, "native@example.com").await?;

    let browser = Clerk::new(ClerkFapiConfiguration::new_browser(key, Some(url), None)?);
    load_browser(&browser).await?;
    run(browser, "browser@example.com").await
}

/// What `load` does, except that it creates a client: `load` demands one, which a new browser does not have.
async fn load_browser(clerk: &Clerk) -> Outcome {
    let fapi = clerk.get_fapi_client();
    fapi.set_dev_browser_token_id(fapi.create_dev_browser().await?.id);
    let client = fapi.post_client().await?.ok_or("no client was created")?;
    clerk.set_loaded(fapi.get_environment().await?, client);
    Ok(())
}

async fn run(clerk: Clerk, email: &str) -> Outcome {
    assert!(clerk.user()?.is_none());
    sign_up(&clerk, email).await?;
    account(&clerk, email).await?;
    organizations(&clerk).await?;

    assert!(clerk.get_token(None, None).await?.is_some());
    clerk.sign_out(None).await?;
    assert!(clerk.session()?.is_none());
    assert!(clerk.get_token(None, None).await?.is_none());

    sign_in_with_password(&clerk, email).await?;
    let session = clerk.session()?.ok_or("signed in without a session")?;
    clerk.sign_out(Some(session.id)).await?;
    sign_in_with_code(&clerk, email).await?;
    clerk.sign_out(None).await?;
    Ok(())
}

async fn sign_up(clerk: &Clerk, email: &str) -> Outcome {
    let fapi = clerk.get_fapi_client();
    #[rustfmt::skip]
    let sign_up = fapi
        .create_sign_ups(
            None, None, Some(PASSWORD), Some("Jane"), None, None, Some(email), None, None, None, None, None, None,
            None, None, None, None, None, None, None, None, None, None,
        )
        .await?;
    let strategy = "email_code";
    fapi.prepare_sign_ups_verification(&sign_up.id, None, Some(strategy), None, None, None, None)
        .await?;
    assert_eq!(fapi.get_sign_ups(&sign_up.id).await?.id, sign_up.id);
    let done = fapi
        .attempt_sign_ups_verification(&sign_up.id, None, Some(strategy), CODE, None, None)
        .await?;
    assert_eq!(done.status, client_sign_up::Status::Complete);
    clerk.set_active(done.created_session_id, None).await?;
    assert!(clerk.user()?.is_some());
    Ok(())
}

async fn account(clerk: &Clerk, email: &str) -> Outcome {
    let fapi = clerk.get_fapi_client();
    let user = fapi.get_user().await?;
    assert_eq!(user.first_name.as_deref(), Some("Jane"));
    let other = format!("other-{email}");
    let address = fapi.create_email_addresses(&other, None).await?;
    fapi.delete_email_address(&address.id, None).await?;
    assert_eq!(fapi.get_sessions(None).await?.len(), 1);
    Ok(())
}

async fn organizations(clerk: &Clerk) -> Outcome {
    let fapi = clerk.get_fapi_client();
    let organization = fapi.create_organization(Some("Acme")).await?;
    clerk.set_active(None, Some(organization.id.clone())).await?;
    assert_eq!(
        clerk.organization()?.map(|one| one.id),
        Some(organization.id.clone())
    );
    let token = clerk.get_token(Some(&organization.id), None).await?;
    assert!(token.is_some());
    let renamed = fapi
        .update_organization(&organization.id, Some("Acme Corporation"), None)
        .await?;
    assert_eq!(renamed.name, "Acme Corporation");
    fapi.create_organization_invitations(&organization.id, "joe@example.com", "org:member")
        .await?;
    assert_eq!(
        fapi.get_organization_memberships(None, None, None).await?.len(),
        1
    );
    clerk.set_active(None, None).await?;
    fapi.delete_organization(&organization.id).await?;
    Ok(())
}

async fn sign_in_with_password(clerk: &Clerk, email: &str) -> Outcome {
    let sign_in = start(clerk, email).await?;
    assert_eq!(sign_in.status, client_sign_in::Status::NeedsFirstFactor);
    attempt(clerk, &sign_in, "password", None, Some(PASSWORD)).await
}

async fn sign_in_with_code(clerk: &Clerk, email: &str) -> Outcome {
    let sign_in = start(clerk, email).await?;
    let mut factors = sign_in.supported_first_factors.iter().flatten();
    let address = factors.find_map(|factor| factor.email_address_id.clone());
    assert!(address.is_some());
    #[rustfmt::skip]
    clerk
        .get_fapi_client()
        .prepare_sign_in_factor_one(
            &sign_in.id, "email_code", None, address.as_deref(), None, None, None, None, None, None, None,
        )
        .await?;
    attempt(clerk, &sign_in, "email_code", CODE, None).await
}

async fn start(clerk: &Clerk, email: &str) -> Outcome<ClientSignIn> {
    let fapi = clerk.get_fapi_client();
    let email = Some(email);
    Ok(fapi
        .create_sign_in(
            None, None, email, None, None, None, None, None, None, None, None, None,
        )
        .await?)
}

async fn attempt(
    clerk: &Clerk,
    sign_in: &ClientSignIn,
    strategy: &str,
    code: Option<&str>,
    password: Option<&str>,
) -> Outcome {
    let fapi = clerk.get_fapi_client();
    let done = fapi
        .attempt_sign_in_factor_one(
            &sign_in.id,
            strategy,
            None,
            code,
            password,
            None,
            None,
            None,
            None,
        )
        .await?;
    assert_eq!(done.status, client_sign_in::Status::Complete);
    Ok(())
}
