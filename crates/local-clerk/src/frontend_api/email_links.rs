//! E-mail links: sent in place of codes, and what following one does.

use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        id,
        identifiers::claim_identifiers,
        mailbox,
        model::{Client, ContactKind, SignInStatus, User, Verification},
        reply::Reply,
        store::Document,
    },
    sign_in, sign_up,
};

pub(super) const STRATEGY: &str = "email_link";

/// A link that is on its way.
#[derive(Serialize, Deserialize)]
struct EmailLink {
    token: String,
    purpose: Purpose,
    /// Where the browser goes when it has been followed.
    redirect_url: String,
    expire_at: i64,
}

/// What a link proves.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Purpose {
    SignUp { client_id: String, id: String },
    SignIn { client_id: String, id: String },
    EmailAddress { user_id: String, id: String },
}

impl Document for EmailLink {
    const KIND: &'static str = "email_link";
    fn id(&self) -> &str {
        &self.token
    }
}

/// Sends a link to an address, if the instance has them.
pub(super) fn send(call: &Call<'_>, to: &str, purpose: Purpose) -> Result<Verification, Error> {
    if !call.settings()?.email_links {
        return Err(ApiError::strategy_invalid(STRATEGY).into());
    }
    let param = "redirect_url";
    let redirect_url = call.url.way_back(None, call.body.required(param)?, param)?;
    let link = EmailLink {
        token: id::secret(),
        purpose,
        redirect_url: redirect_url.into(),
        expire_at: call.code_expiry()?,
    };
    for stale in call.store.all::<EmailLink>()? {
        if stale.expire_at <= call.now {
            call.store.delete::<EmailLink>(&stale.token)?;
        }
    }
    call.store.put(&link)?;
    let url = format!("{}/v1/verify?token={}", call.url.frontend_api, link.token);
    mailbox::send_link(call, to, "Verification link", &url)?;
    Ok(Verification::sent(STRATEGY, link.expire_at))
}

/// A link has been followed, in whichever browser.
pub(super) fn verify(call: &mut Call<'_>) -> Result<Reply, Error> {
    let token = call.query.required("token")?;
    let link = call.store.get::<EmailLink>(token)?.ok_or_else(|| {
        let why = "Verification link token is invalid";
        ApiError::bad_request("verification_link_token_invalid", why)
    })?;
    let mut target = Url::parse(&link.redirect_url)
        .map_err(|_| ApiError::invalid("redirect_url", "redirect_url must be an absolute URL."))?;
    if link.expire_at <= call.now {
        target.query_pairs_mut().append_pair("__clerk_status", "expired");
        return Ok(redirect(&target));
    }
    // An attempt that is over, or waits for something else by now, is not proved.
    let outcome = match &link.purpose {
        Purpose::SignUp { client_id, id } => prove_sign_up(call, client_id, id)?,
        Purpose::SignIn { client_id, id } => prove_sign_in(call, client_id, id)?,
        Purpose::EmailAddress { user_id, id } => prove_address(call, user_id, id)?,
    };
    call.store.delete::<EmailLink>(&link.token)?;
    let status = if outcome.is_some() { "verified" } else { "failed" };
    target.query_pairs_mut().append_pair("__clerk_status", status);
    if let Some(session_id) = outcome.flatten() {
        target
            .query_pairs_mut()
            .append_pair("__clerk_created_session", &session_id);
    }
    Ok(redirect(&target))
}

/// Whether the link was good, and the session that came of it.
type Proved = Option<Option<String>>;

fn prove_sign_up(call: &Call<'_>, client_id: &str, id: &str) -> Result<Proved, Error> {
    let Some(mut client) = call.store.get::<Client>(client_id)? else {
        return Ok(None);
    };
    let Some(mut attempt) = client.sign_up.take().filter(|attempt| attempt.id == id) else {
        return Ok(None);
    };
    if !follow(call, attempt.email_verification.as_mut()) {
        return Ok(None);
    }
    sign_up::settle(call, &mut client, &mut attempt)?;
    let session_id = attempt.created_session_id.clone();
    client.sign_up = Some(attempt);
    call.store.put(&client)?;
    Ok(Some(session_id))
}

fn prove_sign_in(call: &Call<'_>, client_id: &str, id: &str) -> Result<Proved, Error> {
    let Some(mut client) = call.store.get::<Client>(client_id)? else {
        return Ok(None);
    };
    let Some(mut attempt) = client.sign_in.take().filter(|attempt| attempt.id == id) else {
        return Ok(None);
    };
    let user_id = attempt.user_id.as_deref().unwrap_or_default();
    let Some(mut user) = call.store.get::<User>(user_id)? else {
        return Ok(None);
    };
    call.check_admission(&user)?;
    if attempt.status != SignInStatus::NeedsFirstFactor || !follow(call, attempt.first_factor.as_mut()) {
        return Ok(None);
    }
    sign_in::advance(call, &mut client, &mut attempt, &mut user)?;
    let session_id = attempt.created_session_id.clone();
    client.sign_in = Some(attempt);
    call.store.put(&client)?;
    Ok(Some(session_id))
}

fn prove_address(call: &Call<'_>, user_id: &str, id: &str) -> Result<Proved, Error> {
    let kind = ContactKind::EmailAddress;
    let Some(mut user) = call.store.get::<User>(user_id)? else {
        return Ok(None);
    };
    let Some(contact) = user.contact_mut(kind, id) else {
        return Ok(None);
    };
    call.check_identifier_is_free(&contact.value, kind.name())?;
    if !follow(call, contact.verification.as_mut()) {
        return Ok(None);
    }
    claim_identifiers(&call.store, &user)?;
    user.choose_primary_contact(kind);
    user.updated_at = call.now;
    call.store.put(&user)?;
    Ok(Some(None))
}

/// Marks what waits for a link as verified, and notes the browser if it is known.
fn follow(call: &Call<'_>, waiting: Option<&mut Verification>) -> bool {
    let waiting = waiting.filter(|verification| verification.strategy == STRATEGY && !verification.verified);
    let Some(verification) = waiting else {
        return false;
    };
    let client = call.client().ok().flatten();
    verification.verified = true;
    verification.verified_at_client = client.map(|client| client.id);
    true
}

fn redirect(target: &Url) -> Reply {
    Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, target.as_str())
}
