//! Signing up: from a complete attempt to the user and the session.

use crate::{
    error::{ApiError, Error},
    model::{
        Client, Contact, ContactKind, ExternalAccount, Identity, MessageKind, SignUp, User, Verification,
    },
};

use super::{Context, mailbox, users::create_user};

/// Sends a code to a contact of an attempt.
pub(crate) fn send_code(cx: &Context<'_>, attempt: &mut SignUp, kind: ContactKind) -> Result<(), Error> {
    let contact = attempt
        .contact(kind)
        .ok_or_else(|| ApiError::missing(kind.name()))?;
    mailbox::send_code(cx, contact, MessageKind::VerificationCode, "Sign-up code")?;
    *attempt.verification_mut(kind) = Some(Verification::sent(kind.code_strategy(), cx.code_expiry()?));
    Ok(())
}

/// Sets a contact, unless it belongs to a user or may not sign up.
pub(crate) fn set_contact(
    cx: &Context<'_>,
    attempt: &mut SignUp,
    kind: ContactKind,
    text: &str,
) -> Result<(), Error> {
    let name = kind.name();
    let value = kind.parse(text, name)?;
    cx.check_identifier_is_free(&value, name)?;
    cx.check_may_sign_up(&value, name)?;
    attempt.set_contact(kind, value);
    Ok(())
}

/// Fills in what a provider knows about its user.
pub(crate) fn adopt(
    cx: &Context<'_>,
    attempt: &mut SignUp,
    strategy: &str,
    identity: Identity,
) -> Result<(), Error> {
    if let Some(email_address) = &identity.email_address {
        cx.check_identifier_is_free(email_address, "email_address")?;
        attempt.set_contact(ContactKind::EmailAddress, email_address.clone());
        attempt.email_verification = identity
            .email_address_verified
            .then(|| Verification::verified(&format!("from_{strategy}"), cx.now));
    }
    for (field, known) in [
        (&mut attempt.first_name, &identity.first_name),
        (&mut attempt.last_name, &identity.last_name),
    ] {
        if field.is_none() {
            field.clone_from(known);
        }
    }
    attempt.external_account = Some(ExternalAccount::connected(strategy, identity, cx.now));
    Ok(())
}

/// Creates the user and signs them in, once nothing is missing or unverified.
pub(crate) fn complete_if_ready(
    cx: &Context<'_>,
    client: &mut Client,
    attempt: &mut SignUp,
) -> Result<(), Error> {
    let settings = cx.settings()?;
    if !attempt.is_complete()
        && attempt.missing_fields(&settings).is_empty()
        && attempt.unverified_fields().is_empty()
    {
        complete(cx, client, attempt)?;
    }
    Ok(())
}

fn complete(cx: &Context<'_>, client: &mut Client, attempt: &mut SignUp) -> Result<(), Error> {
    let mut user = User {
        username: attempt.username.clone(),
        first_name: attempt.first_name.clone(),
        last_name: attempt.last_name.clone(),
        password: attempt.password.clone(),
        password_last_updated_at: attempt.password.is_some().then_some(cx.now),
        public_metadata: attempt.public_metadata.clone(),
        unsafe_metadata: attempt.unsafe_metadata.clone(),
        locale: attempt.locale.clone(),
        legal_accepted_at: attempt.legal_accepted_at,
        external_id: attempt.external_id.clone(),
        ..User::new(cx.now)
    };
    if let Some(username) = &user.username {
        cx.check_identifier_is_free(username, "username")?;
    }
    let mut strategy = "password";
    for kind in ContactKind::ALL {
        if let Some(value) = attempt.contact(kind) {
            cx.check_identifier_is_free(value, kind.name())?;
            let verification = attempt.verification(kind).cloned();
            user.add_contact(kind, Contact::new(value.clone(), verification, cx.now));
            strategy = kind.code_strategy();
        }
    }
    let account = attempt.external_account.clone();
    user.external_accounts
        .extend(account.filter(|account| account.verification.verified));
    let strategy = user
        .external_accounts
        .first()
        .map_or(strategy, ExternalAccount::strategy)
        .to_owned();
    create_user(&cx.store, &user)?;
    let mut session = cx.start_session(client, &mut user, &strategy)?;
    if let Some(ticket) = &attempt.ticket {
        session.last_active_organization_id = cx.accept_invitation(ticket, &user)?;
        cx.store.put(&session)?;
    }
    attempt.created_session_id = Some(session.id);
    attempt.created_user_id = Some(user.id);
    Ok(())
}
