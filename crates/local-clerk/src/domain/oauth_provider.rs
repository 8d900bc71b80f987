//! The rules of OAuth applications: what users grant them, and which of their tokens are valid.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    error::{Error, OauthError},
    id,
    model::{OauthApplication, OauthConsent, OauthGrant, OauthToken, Organization, Session, User},
    store,
};

use super::Context;

/// What an application asks a user for.
pub(crate) struct OauthRequest {
    pub(crate) application: OauthApplication,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<String>,
}

/// A valid token with what it stands for.
pub(crate) struct ActiveToken {
    pub(crate) token: OauthToken,
    pub(crate) grant: OauthGrant,
    pub(crate) user: User,
}

/// Transforms a code verifier as `S256` does (RFC 7636, 4.2).
pub(crate) fn code_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

impl Context<'_> {
    pub(crate) fn oauth_application(
        &self,
        client_id: &str,
    ) -> Result<Option<OauthApplication>, store::Error> {
        Ok(self.store.of(client_id)?.pop())
    }

    /// Deletes an application with everything that users have granted it.
    pub(crate) fn delete_oauth_application(
        &self,
        application: &OauthApplication,
    ) -> Result<(), store::Error> {
        let mut grants = self.store.all::<OauthGrant>()?;
        grants.retain(|grant| grant.client_id == application.client_id);
        for token in self.store.all::<OauthToken>()? {
            if grants.iter().any(|grant| grant.id == token.grant_id) {
                self.store.delete::<OauthToken>(&token.id)?;
            }
        }
        for grant in grants {
            self.store.delete::<OauthGrant>(&grant.id)?;
        }
        for consent in self.store.of::<OauthConsent>(&application.client_id)? {
            self.store.delete::<OauthConsent>(&consent.id)?;
        }
        self.store.delete::<OauthApplication>(&application.id)
    }

    /// Tells whether the user has allowed all of this before.
    pub(crate) fn has_consented(&self, request: &OauthRequest, user_id: &str) -> Result<bool, store::Error> {
        let key = OauthConsent::key(&request.application.client_id, user_id);
        let consent = self.store.get::<OauthConsent>(&key)?;
        Ok(consent.is_some_and(|consent| request.scopes.iter().all(|scope| consent.scopes.contains(scope))))
    }

    /// Remembers that the user has allowed this.
    pub(crate) fn remember_consent(&self, request: &OauthRequest, user_id: &str) -> Result<(), store::Error> {
        let client_id = &request.application.client_id;
        let key = OauthConsent::key(client_id, user_id);
        let known = self.store.get::<OauthConsent>(&key)?;
        let mut consent = known.unwrap_or_else(|| OauthConsent::new(client_id, user_id));
        for scope in &request.scopes {
            if !consent.scopes.contains(scope) {
                consent.scopes.push(scope.clone());
            }
        }
        self.store.put(&consent)
    }

    /// Grants an application what it has asked for, and returns the authorization code. The organization is the chosen
    /// one, or the one that the user acts for, or has last acted for.
    pub(crate) fn grant_to_application(
        &self,
        request: &OauthRequest,
        session: &Session,
        organization_id: Option<&str>,
    ) -> Result<String, Error> {
        let organization_id = match organization_id {
            Some(id) => Some(id.to_owned()),
            None => self.last_organization(session)?,
        };
        let tells_organization = request.scopes.iter().any(|scope| scope == "user:org:read");
        let grant = OauthGrant {
            id: id::new("oagr", self.now),
            code: id::secret(),
            code_expires_at: self.now + OauthGrant::CODE_LIFETIME,
            code_redeemed: false,
            client_id: request.application.client_id.clone(),
            user_id: session.user_id.clone(),
            scopes: request.scopes.clone(),
            organization_id: organization_id.filter(|_| tells_organization),
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
            authenticated_at: session.first_factor_at,
            revoked: false,
        };
        self.store.put(&grant)?;
        Ok(grant.code)
    }

    fn last_organization(&self, session: &Session) -> Result<Option<String>, Error> {
        let sessions = self.store.of::<Session>(&session.user_id)?;
        for id in std::iter::once(session)
            .chain(sessions.iter().rev())
            .filter_map(|session| session.last_active_organization_id.as_ref())
        {
            let organization = self.store.get::<Organization>(id)?;
            if organization.is_some_and(|organization| organization.membership(&session.user_id).is_some()) {
                return Ok(Some(id.clone()));
            }
        }
        Ok(None)
    }

    /// Returns the grant with this code, whose first tokens the application may get now.
    ///
    /// # Errors
    /// If the code, the redirect URI or the verifier is wrong, or the code has expired.
    pub(crate) fn grant_of_code(
        &self,
        code: &str,
        application: &OauthApplication,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Result<OauthGrant, Error> {
        let grant = self.store.of::<OauthGrant>(code)?.pop();
        let grant = grant.filter(|grant| grant.client_id == application.client_id);
        let grant = grant.ok_or_else(|| OauthError::invalid_grant("The authorization code is unknown."))?;
        // Whether it has been redeemed is more important: somebody else may have it.
        if grant.code_redeemed {
            return Ok(grant);
        }
        if grant.code_expires_at <= self.now {
            return Err(OauthError::invalid_grant("The authorization code has expired.").into());
        }
        if grant.redirect_uri != redirect_uri {
            let message = "The redirect_uri is not that of the authorization request.";
            return Err(OauthError::invalid_grant(message).into());
        }
        if grant.code_challenge != verifier.map(code_challenge) {
            let message = "The code_verifier does not match the code_challenge of the authorization request.";
            return Err(OauthError::invalid_grant(message).into());
        }
        Ok(grant)
    }

    /// Returns the grant that a token belongs to, unless it has been revoked or its user is gone.
    pub(crate) fn grant_of_token(
        &self,
        token: &OauthToken,
    ) -> Result<Option<(OauthGrant, User)>, store::Error> {
        let grant = self.store.get::<OauthGrant>(&token.grant_id)?;
        let Some(grant) = grant.filter(|grant| !grant.revoked || !token.can_be_revoked()) else {
            return Ok(None);
        };
        let user = self.store.get::<User>(&grant.user_id)?;
        Ok(user.map(|user| (grant, user)))
    }

    /// Returns a token that is valid now.
    pub(crate) fn active_oauth_token(&self, text: &str) -> Result<Option<ActiveToken>, store::Error> {
        let token = self.store.of::<OauthToken>(text)?.pop();
        let Some(token) = token.filter(|token| !token.used && token.expire_at > self.now) else {
            return Ok(None);
        };
        let found = self.grant_of_token(&token)?;
        Ok(found.map(|(grant, user)| ActiveToken { token, grant, user }))
    }

    /// Revokes all tokens of a grant.
    pub(crate) fn revoke_grant(&self, grant: &mut OauthGrant) -> Result<(), store::Error> {
        grant.revoked = true;
        self.store.put(grant)
    }
}
