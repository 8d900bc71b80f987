//! The signed-in user's password.

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{Client, User},
        reply::Reply,
        settings::Use,
    },
    browser::Caller,
    users,
};

pub(super) fn change(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller {
        client,
        session,
        mut user,
    } = call.verified_caller()?;
    // The task has begun with signing in, which has proved more than a compromised password does.
    if !call.tasks(&session)?.contains(&"reset-password") {
        check_current(call, &user)?;
    }
    let new = call.body.required("new_password")?;
    users::reset_password(&mut user, new, "new_password", call.now)?;
    if call.body.flag("sign_out_of_other_sessions") == Some(true) {
        call.close_sessions_of(&user.id, Some(&session.id), "revoked")?;
    }
    let client = call.store.get::<Client>(&client.id)?.unwrap_or(client);
    call.answer_with_user(&client, &mut user)
}

pub(super) fn remove(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.verified_caller()?;
    if user.password.is_none() {
        return Err(ApiError::bad_request("no_password_set", "The user has no password.").into());
    }
    if call.settings()?.password == Use::Required {
        let why =
            "Settings for this instance require a password to be set. Cannot remove the user's password.";
        return Err(ApiError::bad_request("password_required", why).into());
    }
    check_current(call, &user)?;
    user.password = None;
    user.password_compromised_at = None;
    user.password_last_updated_at = Some(call.now);
    call.answer_with_user(&client, &mut user)
}

/// Where sessions are reverified, clerk-js does not ask for the password as well.
fn check_current(call: &Call<'_>, user: &User) -> Result<(), Error> {
    let Some(hash) = &user.password else {
        return Ok(());
    };
    if call.body.filled("current_password").is_none() && call.settings()?.reverification {
        return Ok(());
    }
    if !hash.verify(call.body.required("current_password")?) {
        return Err(ApiError::password_incorrect("current_password").into());
    }
    Ok(())
}
