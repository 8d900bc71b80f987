//! The signed-in user's password.

use crate::{
    domain::{Context, users},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, Task, Use, User},
};

use super::{
    answer,
    browser::{self, Caller},
};

pub(super) fn change(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller {
        client,
        session,
        mut user,
    } = browser::verified_caller(cx, request)?;
    // The task follows a sign-in, which is better proof than a compromised password.
    if !cx.tasks(&session)?.contains(&Task::ResetPassword) {
        check_current(cx, request, &user)?;
    }
    let new = request.body.required("new_password")?;
    users::reset_password(&mut user, new, "new_password", cx.now)?;
    if request.body.flag("sign_out_of_other_sessions") == Some(true) {
        cx.revoke_sessions_of(&user.id, Some(&session.id))?;
    }
    let client = cx.store.get::<Client>(&client.id)?.unwrap_or(client);
    answer::with_user(cx, &client, &mut user)
}

pub(super) fn remove(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::verified_caller(cx, request)?;
    if user.password.is_none() {
        return Err(ApiError::bad_request("no_password_set", "The user has no password.").into());
    }
    if cx.settings()?.password == Use::Required {
        let message =
            "Settings for this instance require a password to be set. Cannot remove the user's password.";
        return Err(ApiError::bad_request("password_required", message).into());
    }
    check_current(cx, request, &user)?;
    user.password = None;
    user.password_compromised_at = None;
    user.password_last_updated_at = Some(cx.now);
    answer::with_user(cx, &client, &mut user)
}

/// Checks the current password. With reverification, clerk-js does not ask for it as well.
fn check_current(cx: &Context<'_>, request: &Request, user: &User) -> Result<(), Error> {
    let Some(hash) = &user.password else {
        return Ok(());
    };
    if request.body.filled("current_password").is_none() && cx.settings()?.reverification {
        return Ok(());
    }
    if !hash.verify(request.body.required("current_password")?) {
        return Err(ApiError::password_incorrect("current_password").into());
    }
    Ok(())
}
