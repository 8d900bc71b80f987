//! What a new data file begins with: a demo user.

use super::{
    errors::Error,
    frontend_api::{create_user, reset_password},
    model::{EmailAddress, User, Verification},
    store::Store,
};

pub(super) const DEMO_EMAIL_ADDRESS: &str = "demo+clerk_test@example.com";
pub(super) const DEMO_PASSWORD: &str = "local-clerk-demo";

/// Adds the demo user, unless there are users.
pub(super) fn seed(store: &Store<'_>, now: i64) -> Result<(), Error> {
    if !store.all::<User>()?.is_empty() {
        return Ok(());
    }
    let mut user = User {
        first_name: Some("Demo".to_owned()),
        last_name: Some("User".to_owned()),
        ..User::new(now)
    };
    let verification = Some(Verification::verified("admin", now));
    user.add_email_address(EmailAddress::new(
        DEMO_EMAIL_ADDRESS.to_owned(),
        verification,
        now,
    ));
    reset_password(&mut user, DEMO_PASSWORD, "password", now)?;
    create_user(store, &user)
}
