//! Whose browser is calling: its client, and the session that it speaks for.

use http::header;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    keys::Instance,
    model::{Client, DevBrowser, Session, User},
};

pub(in super::super) const CLIENT_COOKIE: &str = "__client";
pub(super) const DEV_BROWSER: &str = "__clerk_db_jwt";

/// The signed-in caller of `/v1/me`.
pub(in super::super) struct Caller {
    pub(in super::super) client: Client,
    pub(in super::super) session: Session,
    pub(in super::super) user: User,
}

impl Call<'_> {
    /// The client of the calling browser, if it has one yet.
    pub(in super::super) fn client(&self) -> Result<Option<Client>, Error> {
        match self.keys.instance {
            Instance::Development => {
                let dev_browser = self
                    .dev_browser()?
                    .ok_or_else(ApiError::dev_browser_unauthenticated)?;
                Ok(dev_browser
                    .client_id
                    .map(|id| self.store.get(&id))
                    .transpose()?
                    .flatten())
            }
            Instance::Production => {
                let token = self.client_cookie.clone().or_else(|| self.cookie(CLIENT_COOKIE));
                match token.filter(|token| !token.is_empty()) {
                    Some(token) => Ok(self.store.of::<Client>(&token)?.pop()),
                    None => Ok(None),
                }
            }
        }
    }

    /// The client of the calling browser, made if there is none; the caller stores what it changes.
    pub(in super::super) fn client_or_new(&mut self) -> Result<Client, Error> {
        if let Some(client) = self.client()? {
            return Ok(client);
        }
        let client = Client::new(self.now);
        self.store.put(&client)?;
        match self.keys.instance {
            Instance::Development => {
                if let Some(mut dev_browser) = self.dev_browser()? {
                    dev_browser.client_id = Some(client.id.clone());
                    self.store.put(&dev_browser)?;
                }
            }
            Instance::Production => self.client_cookie = Some(client.token.clone()),
        }
        Ok(client)
    }

    /// The client of a browser that follows a link: known by its cookies alone, as a link may have been
    /// made up by somebody else.
    pub(super) fn visiting_client(&self) -> Result<Option<Client>, Error> {
        if self.keys.instance == Instance::Production {
            return self.client();
        }
        let token = self.dev_browser_cookie();
        let dev_browser = token
            .map(|token| self.store.get::<DevBrowser>(&token))
            .transpose()?
            .flatten();
        let client_id = dev_browser.and_then(|dev_browser| dev_browser.client_id);
        Ok(client_id.map(|id| self.store.get(&id)).transpose()?.flatten())
    }

    pub(super) fn dev_browser_cookie(&self) -> Option<String> {
        self.cookie(&format!("{DEV_BROWSER}_{}", self.keys.cookie_suffix))
            .or_else(|| self.cookie(DEV_BROWSER))
    }

    pub(in super::super) fn dev_browser(&self) -> Result<Option<DevBrowser>, Error> {
        let token = self.query.filled(DEV_BROWSER);
        Ok(token.map(|token| self.store.get(token)).transpose()?.flatten())
    }

    /// The client's sessions that are alive, each with its user.
    pub(in super::super) fn sessions_of(&self, client: &Client) -> Result<Vec<(Session, User)>, Error> {
        let mut sessions = Vec::new();
        for id in &client.session_ids {
            if let Some(session) = self
                .store
                .get::<Session>(id)?
                .filter(|session| session.is_active(self.now))
                && let Some(user) = self.store.get::<User>(&session.user_id)?
            {
                sessions.push((session, user));
            }
        }
        Ok(sessions)
    }

    /// A session of the calling browser, alive.
    pub(in super::super) fn own_session(&self, id: &str) -> Result<(Client, Session, User), Error> {
        let client = self.client()?.ok_or_else(ApiError::authentication_invalid)?;
        if !client.session_ids.iter().any(|own| own == id) {
            return Err(ApiError::not_found("session", id).into());
        }
        let (session, user) = self
            .sessions_of(&client)?
            .into_iter()
            .find(|(session, _)| session.id == id)
            .ok_or_else(ApiError::authentication_invalid)?;
        Ok((client, session, user))
    }

    /// Who calls `/v1/me`: the session that clerk-js names, else the one last active.
    pub(in super::super) fn caller(&self) -> Result<Caller, Error> {
        let client = self.client()?.ok_or_else(ApiError::authentication_invalid)?;
        let id = self
            .query
            .filled("_clerk_session_id")
            .or(client.last_active_session_id.as_deref());
        let (session, user) = self
            .sessions_of(&client)?
            .into_iter()
            .find(|(session, _)| id.is_some_and(|id| session.id == id))
            .ok_or_else(ApiError::authentication_invalid)?;
        Ok(Caller {
            client,
            session,
            user,
        })
    }

    fn cookie(&self, name: &str) -> Option<String> {
        self.headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
    }
}
