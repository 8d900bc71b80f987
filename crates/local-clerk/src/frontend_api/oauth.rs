//! Social connections: to the provider, and what comes of it when the browser is back.

pub(super) mod sign_in;
pub(super) mod sign_up;

use http::{StatusCode, header};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        id,
        identifiers::claim_identifiers,
        keys::Instance,
        model::{
            Client, Contact, ContactKind, ExternalAccount, Identifier, Identity, OauthFlow, Purpose, Session,
            User, Verification, account_key,
        },
        provider,
        reply::Reply,
        social,
    },
    browser::DEV_BROWSER,
    external_accounts,
};

/// What comes back from a provider: who it is, or why that is not known.
pub(super) type Outcome = Result<Identity, ApiError>;

/// Sends a browser on its way: where to is in the verification.
pub(super) fn begin(
    call: &Call<'_>,
    client: &Client,
    strategy: &str,
    purpose: Purpose,
) -> Result<Verification, Error> {
    call.check_provider(strategy)?;
    let (param, complete_param) = ("redirect_url", "action_complete_redirect_url");
    let redirect_url = call.url.way_back(None, call.body.required(param)?, param)?;
    let complete_url = call
        .body
        .filled(complete_param)
        .map(|text| call.url.way_back(Some(&redirect_url), text, complete_param))
        .transpose()?;
    let flow = OauthFlow {
        state: id::secret(),
        strategy: strategy.to_owned(),
        client_id: client.id.clone(),
        purpose,
        callback_url: format!("{}/v1/oauth_callback", call.url.frontend_api),
        redirect_url: redirect_url.into(),
        complete_url: complete_url.map(Into::into),
        grant: None,
        expire_at: call.now + OauthFlow::LIFETIME,
    };
    for stale in call.store.all::<OauthFlow>()? {
        if stale.expire_at <= call.now {
            call.store.delete::<OauthFlow>(&stale.state)?;
        }
    }
    call.store.put(&flow)?;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("scope", ExternalAccount::SCOPES)
        .append_pair("state", &flow.state)
        .finish();
    let url = format!(
        "{}{}?{query}",
        call.url.elsewhere(&call.shared.own),
        provider::PATH
    );
    Ok(Verification::external(strategy, url, call.now))
}

/// Providers that answer with a form.
pub(super) fn post_callback(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["code", "scope", "state", "error"] {
        if let Some(value) = call.body.filled(name) {
            query.append_pair(name, value);
        }
    }
    let target = format!("{}/v1/oauth_callback?{}", call.url.frontend_api, query.finish());
    Ok(Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, &target))
}

/// The browser is back. The `state` is good once, and in the browser that set out with it only: with
/// another's, a link could sign somebody in as somebody else.
pub(super) fn callback(call: &mut Call<'_>) -> Result<Reply, Error> {
    let invalid = || {
        ApiError::bad_request(
            "authorization_invalid",
            "You are not authorized to perform this request",
        )
    };
    let flow = call
        .store
        .get::<OauthFlow>(call.query.required("state")?)?
        .filter(|flow| flow.expire_at > call.now)
        .ok_or_else(invalid)?;
    let mut client = call
        .visiting_client()?
        .filter(|client| client.id == flow.client_id)
        .ok_or_else(invalid)?;
    call.store.delete::<OauthFlow>(&flow.state)?;
    let code = call.query.filled("code");
    let outcome = match &flow.grant {
        Some(grant) if code == Some(grant.code.as_str()) => Ok(grant.identity.clone()),
        _ if code.is_some() => return Ok(invalid().into()),
        _ => {
            let provider = social::provider_name(&flow.strategy);
            let why = format!("You did not grant access to your {provider} account");
            Err(ApiError::bad_request("oauth_access_denied", why))
        }
    };
    let is_complete = match &flow.purpose {
        Purpose::SignIn(id) => sign_in::come_back(call, &mut client, id, &flow.strategy, outcome)?,
        Purpose::SignUp(id) => sign_up::come_back(call, &mut client, id, &flow.strategy, outcome)?,
        Purpose::Connect { user_id, account_id } => {
            external_accounts::come_back(call, user_id, account_id, outcome)?
        }
    };
    call.store.put(&client)?;
    // A session with tasks is left to the page that knows of them.
    let session_id = client.last_active_session_id.as_ref().filter(|_| is_complete);
    let session = session_id
        .map(|id| call.store.get::<Session>(id))
        .transpose()?
        .flatten();
    let tasks = session
        .map(|session| call.tasks(&session))
        .transpose()?
        .unwrap_or_default();
    let target = flow
        .complete_url
        .filter(|_| is_complete && tasks.is_empty())
        .unwrap_or(flow.redirect_url);
    let target = with_dev_browser(call, &target)?;
    Ok(Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, &target))
}

/// In development the app's server learns of a new session by the dev browser in the URL only: it makes
/// a handshake of it.
fn with_dev_browser(call: &Call<'_>, target: &str) -> Result<String, Error> {
    let token = match call.keys.instance {
        Instance::Development => call.dev_browser_cookie(),
        Instance::Production => None,
    };
    let (Some(token), Ok(mut target)) = (token, Url::parse(target)) else {
        return Ok(target.to_owned());
    };
    let kept: Vec<(String, String)> = target
        .query_pairs()
        .filter(|(name, _)| name != DEV_BROWSER)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    target
        .query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair(DEV_BROWSER, &token);
    Ok(target.into())
}

/// An account that could not be found, or is there already: the attempt of the other kind takes over.
pub(super) fn not_found() -> Value {
    let why = "The External Account was not found.";
    ApiError::form("external_account_not_found", "strategy", why).json()
}

pub(super) fn exists() -> Value {
    let why = "The External Account already exists.";
    ApiError::form("external_account_exists", "strategy", why).json()
}

impl Call<'_> {
    /// Whose account at a provider this is: whoever has connected it, else whoever has proved to own the
    /// e-mail address that the provider has verified too, to whom it is connected now.
    pub(super) fn user_by_account(&self, strategy: &str, identity: &Identity) -> Result<Option<User>, Error> {
        if let Some(known) = self.store.get::<Identifier>(&account_key(strategy, identity))? {
            return Ok(self.store.get(&known.user_id)?);
        }
        let Some(email_address) = identity.verified_email_address() else {
            return Ok(None);
        };
        let mut user = self.user_by_identifier(email_address)?;
        if let Some(user) = &mut user {
            let account = ExternalAccount::connected(strategy, identity.clone(), self.now);
            user.external_accounts.push(account);
            self.keep_connected(user, strategy, identity)?;
        }
        Ok(user)
    }

    /// Stores a user who has connected an account, with what it brings along: an e-mail address that
    /// nobody has yet.
    pub(super) fn keep_connected(
        &self,
        user: &mut User,
        strategy: &str,
        identity: &Identity,
    ) -> Result<(), Error> {
        if let Some(email_address) = identity.verified_email_address()
            && self.store.get::<Identifier>(email_address)?.is_none()
        {
            let verification = Verification::verified(&format!("from_{strategy}"), self.now);
            user.email_addresses
                .retain(|contact| contact.value != email_address);
            let contact = Contact::new(email_address.to_owned(), Some(verification), self.now);
            user.add_contact(ContactKind::EmailAddress, contact);
        }
        user.updated_at = self.now;
        claim_identifiers(&self.store, user)?;
        self.store.put(user)?;
        Ok(())
    }

    /// Why this user cannot sign in here now.
    pub(super) fn refusal(&self, client: &Client, user: &User) -> Result<Option<Value>, Error> {
        if let Err(error) = self.check_admission(user) {
            return Ok(Some(error.json()));
        }
        for (session, _) in self.sessions_of(client)? {
            if session.user_id == user.id {
                let why = "You're already signed in.";
                let mut error = ApiError::bad_request("identifier_already_signed_in", why).json();
                error["meta"]["session_id"] = json!(session.id);
                return Ok(Some(error));
            }
        }
        match self.check_another_session(client) {
            Err(Error::Api(error)) => Ok(Some(error.json())),
            other => other.map(|()| None),
        }
    }
}
