//! Signing in: from identification to the session.

use crate::{
    error::{ApiError, Error},
    model::{
        Client, Identity, PASSKEY, Session, SignIn, SignInStatus, SignInToken, TicketKind, User, Verification,
    },
};

use super::{Context, identifiers::normalize, new_contacts};

/// Identifies the user of an attempt by an e-mail address, a phone number or a username. If there is none, an attempt that
/// `may_sign_up` is identified by the contact.
pub(crate) fn identify(
    cx: &Context<'_>,
    client: &Client,
    attempt: &mut SignIn,
    identifier: &str,
    may_sign_up: bool,
) -> Result<(), Error> {
    let user = match cx.user_by_identifier(identifier)? {
        None if may_sign_up => return new_contacts::identify(cx, attempt, identifier),
        user => user.ok_or_else(ApiError::identifier_not_found)?,
    };
    cx.check_admission(&user)?;
    cx.check_not_signed_in(client, &user)?;
    attempt.identifier = Some(normalize(identifier));
    attempt.user_id = Some(user.id);
    attempt.status = SignInStatus::NeedsFirstFactor;
    Ok(())
}

/// Returns the user of an attempt, who must be allowed to sign in.
pub(crate) fn user_of(cx: &Context<'_>, attempt: &SignIn) -> Result<User, Error> {
    let id = attempt
        .user_id
        .as_deref()
        .ok_or_else(|| ApiError::missing("identifier"))?;
    let user = cx
        .store
        .get::<User>(id)?
        .ok_or_else(ApiError::identifier_not_found)?;
    cx.check_admission(&user)?;
    Ok(user)
}

/// Continues after the first factor: with the second one if the user has any and needs it, else with the session.
pub(crate) fn advance(
    cx: &Context<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    user: &mut User,
) -> Result<(), Error> {
    let has_passkey = attempt
        .first_factor
        .as_ref()
        .is_some_and(|factor| factor.strategy == PASSKEY);
    let is_satisfied = has_passkey && cx.settings()?.passkey_satisfies_second_factor;
    if user.has_second_factor() && !is_satisfied {
        attempt.status = SignInStatus::NeedsSecondFactor;
        return Ok(());
    }
    complete(cx, client, attempt, user)?;
    Ok(())
}

/// Completes an attempt with a session.
pub(crate) fn complete(
    cx: &Context<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    user: &mut User,
) -> Result<Session, Error> {
    let strategy = attempt
        .first_factor
        .as_ref()
        .map_or("password", |factor| &factor.strategy);
    let mut session = cx.start_session(client, user, strategy)?;
    if attempt.second_factor.is_some() {
        session.second_factor_at = Some(cx.now);
        cx.store.put(&session)?;
    }
    attempt.status = SignInStatus::Complete;
    attempt.created_session_id = Some(session.id.clone());
    Ok(session)
}

/// Signs in with a ticket: that of a backend, which is accepted once, or that of an invitation. An impersonator and an
/// agent sign whoever is there out.
pub(crate) fn redeem_ticket(
    cx: &Context<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    ticket: &str,
) -> Result<(), Error> {
    let Some(mut token) = cx.store.of::<SignInToken>(ticket)?.pop() else {
        cx.check_another_session(client)?;
        return accept_invitation(cx, client, attempt, ticket);
    };
    if token.kind() == TicketKind::SignIn {
        cx.check_another_session(client)?;
    }
    token.check_usable(cx.now)?;
    let mut user = cx
        .store
        .get::<User>(&token.user_id)?
        .ok_or_else(ApiError::ticket_invalid)?;
    cx.check_admission(&user)?;
    if token.kind() != TicketKind::SignIn {
        cx.make_way(client)?;
    }
    cx.check_not_signed_in(client, &user)?;
    token.accept(cx.now);
    cx.store.put(&token)?;
    identify_by_ticket(attempt, &user, cx.now);
    let mut session = complete(cx, client, attempt, &mut user)?;
    if let Some(organization) = &token.organization_id {
        // Unless the user has left it meanwhile.
        cx.activate_organization(&mut session, Some(organization)).ok();
    }
    if let Some(lifetime) = token.session_lifetime {
        session.expire_at = cx.now + lifetime;
        session.abandon_at = session.abandon_at.min(session.expire_at);
    }
    session.actor = token.actor;
    Ok(cx.store.put(&session)?)
}

/// Accepts the invitation of a user who has an account.
fn accept_invitation(
    cx: &Context<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    ticket: &str,
) -> Result<(), Error> {
    let mut user = cx.invited_user(ticket)?;
    cx.check_admission(&user)?;
    cx.check_not_signed_in(client, &user)?;
    identify_by_ticket(attempt, &user, cx.now);
    let organization_id = cx.accept_invitation(ticket, &user)?;
    advance(cx, client, attempt, &mut user)?;
    if let Some(id) = &attempt.created_session_id
        && let Some(mut session) = cx.store.get::<Session>(id)?
    {
        session.last_active_organization_id = organization_id;
        cx.store.put(&session)?;
    }
    Ok(())
}

fn identify_by_ticket(attempt: &mut SignIn, user: &User, now: i64) {
    attempt.identifier = Some(user.identifier().to_owned());
    attempt.user_id = Some(user.id.clone());
    attempt.first_factor = Some(Verification::verified("ticket", now));
}

/// Continues an attempt whose user a provider has identified.
pub(crate) fn continue_with_identity(
    cx: &Context<'_>,
    client: &mut Client,
    attempt: &mut SignIn,
    mut user: User,
    strategy: &str,
    identity: &Identity,
) -> Result<(), Error> {
    attempt.identifier.clone_from(&identity.email_address);
    attempt.user_id = Some(user.id.clone());
    attempt.first_factor = Some(Verification::verified(strategy, cx.now));
    advance(cx, client, attempt, &mut user)
}
