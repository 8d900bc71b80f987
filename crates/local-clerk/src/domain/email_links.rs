//! E-mail links: sending them, and what following one verifies.

use crate::{
    error::{ApiError, Error},
    id,
    model::{
        Client, ContactKind, EMAIL_LINK, EmailLink, LinkPurpose, MessageKind, SignInStatus, User,
        Verification,
    },
};

use super::{Context, identifiers::claim_identifiers, mailbox, sign_in, sign_up};

/// What came of a link.
pub(crate) enum Followed {
    /// The verification succeeded, and created this session if it completed an attempt.
    Verified {
        session_id: Option<String>,
    },
    /// The attempt is over, or waits for something else by now.
    Failed,
    Expired,
}

/// Sends a link to an address. `redirect_url` is the required parameter of that name.
///
/// # Errors
/// If the instance does not use links, or the target of the redirect is not allowed.
pub(crate) fn send(
    cx: &Context<'_>,
    to: &str,
    purpose: LinkPurpose,
    redirect_url: Option<&str>,
) -> Result<Verification, Error> {
    if !cx.settings()?.email_links {
        return Err(ApiError::strategy_invalid(EMAIL_LINK).into());
    }
    let param = "redirect_url";
    let redirect_url = redirect_url.ok_or_else(|| ApiError::missing(param))?;
    let redirect_url = cx.url.parse_redirect(None, redirect_url, param)?;
    let kind = match purpose {
        LinkPurpose::SignUp { .. } => MessageKind::MagicLinkSignUp,
        LinkPurpose::SignIn { .. } => MessageKind::MagicLinkSignIn,
        LinkPurpose::EmailAddress { .. } => MessageKind::MagicLinkUserProfile,
    };
    let link = EmailLink {
        token: id::secret(),
        purpose,
        redirect_url: redirect_url.into(),
        expire_at: cx.code_expiry()?,
    };
    for stale in cx.store.all::<EmailLink>()? {
        if stale.expire_at <= cx.now {
            cx.store.delete::<EmailLink>(&stale.token)?;
        }
    }
    cx.store.put(&link)?;
    let url = format!("{}/v1/verify?token={}", cx.url.frontend_api, link.token);
    mailbox::send_link(cx, to, kind, "Verification link", &url)?;
    Ok(Verification::sent(EMAIL_LINK, link.expire_at))
}

/// Follows a link, in whichever browser. `visitor` is the client of that browser, if it is known.
pub(crate) fn follow(
    cx: &Context<'_>,
    link: &EmailLink,
    visitor: Option<&Client>,
) -> Result<Followed, Error> {
    if link.expire_at <= cx.now {
        return Ok(Followed::Expired);
    }
    let followed = match &link.purpose {
        LinkPurpose::SignUp { client_id, id } => verify_sign_up(cx, client_id, id, visitor)?,
        LinkPurpose::SignIn { client_id, id } => verify_sign_in(cx, client_id, id, visitor)?,
        LinkPurpose::EmailAddress { user_id, id } => verify_address(cx, user_id, id, visitor)?,
    };
    cx.store.delete::<EmailLink>(&link.token)?;
    Ok(followed)
}

fn verify_sign_up(
    cx: &Context<'_>,
    client_id: &str,
    id: &str,
    visitor: Option<&Client>,
) -> Result<Followed, Error> {
    let Some(mut client) = cx.store.get::<Client>(client_id)? else {
        return Ok(Followed::Failed);
    };
    let Some(mut attempt) = client.sign_up.take().filter(|attempt| attempt.id == id) else {
        return Ok(Followed::Failed);
    };
    if !verify(attempt.email_verification.as_mut(), visitor) {
        return Ok(Followed::Failed);
    }
    sign_up::complete_if_ready(cx, &mut client, &mut attempt)?;
    let session_id = attempt.created_session_id.clone();
    client.sign_up = Some(attempt);
    cx.store.put(&client)?;
    Ok(Followed::Verified { session_id })
}

fn verify_sign_in(
    cx: &Context<'_>,
    client_id: &str,
    id: &str,
    visitor: Option<&Client>,
) -> Result<Followed, Error> {
    let Some(mut client) = cx.store.get::<Client>(client_id)? else {
        return Ok(Followed::Failed);
    };
    let Some(mut attempt) = client.sign_in.take().filter(|attempt| attempt.id == id) else {
        return Ok(Followed::Failed);
    };
    let user_id = attempt.user_id.as_deref().unwrap_or_default();
    let Some(mut user) = cx.store.get::<User>(user_id)? else {
        return Ok(Followed::Failed);
    };
    cx.check_admission(&user)?;
    if attempt.status != SignInStatus::NeedsFirstFactor || !verify(attempt.first_factor.as_mut(), visitor) {
        return Ok(Followed::Failed);
    }
    sign_in::advance(cx, &mut client, &mut attempt, &mut user)?;
    let session_id = attempt.created_session_id.clone();
    client.sign_in = Some(attempt);
    cx.store.put(&client)?;
    Ok(Followed::Verified { session_id })
}

fn verify_address(
    cx: &Context<'_>,
    user_id: &str,
    id: &str,
    visitor: Option<&Client>,
) -> Result<Followed, Error> {
    let kind = ContactKind::EmailAddress;
    let Some(mut user) = cx.store.get::<User>(user_id)? else {
        return Ok(Followed::Failed);
    };
    let Some(contact) = user.contact_mut(kind, id) else {
        return Ok(Followed::Failed);
    };
    cx.check_identifier_is_free(&contact.value, kind.name())?;
    if !verify(contact.verification.as_mut(), visitor) {
        return Ok(Followed::Failed);
    }
    claim_identifiers(&cx.store, &user)?;
    user.choose_primary_contact(kind);
    user.updated_at = cx.now;
    cx.store.put(&user)?;
    Ok(Followed::Verified { session_id: None })
}

/// Marks a verification that waits for a link as verified, and records the browser if it is known.
fn verify(waiting: Option<&mut Verification>, visitor: Option<&Client>) -> bool {
    let waiting =
        waiting.filter(|verification| verification.strategy == EMAIL_LINK && !verification.verified);
    let Some(verification) = waiting else {
        return false;
    };
    verification.verified = true;
    verification.verified_at_client = visitor.map(|client| client.id.clone());
    true
}
