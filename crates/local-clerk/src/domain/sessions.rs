//! Starting, listing and closing sessions.

use crate::{
    error::Error,
    model::{Activity, Client, Session, SessionStatus, User},
};

use super::Context;

impl Context<'_> {
    /// Starts a session of a user on a client. The caller stores the client.
    pub(crate) fn start_session(
        &self,
        client: &mut Client,
        user: &mut User,
        strategy: &str,
    ) -> Result<Session, Error> {
        let activity = Activity::of(&self.device, self.now);
        let session = Session::new(&user.id, &client.id, activity, self.now);
        self.store.put(&session)?;
        client.session_ids.push(session.id.clone());
        client.last_active_session_id = Some(session.id.clone());
        client.last_authentication_strategy = Some(strategy.to_owned());
        client.updated_at = self.real_now;
        user.last_sign_in_at = Some(self.now);
        user.last_active_at = Some(self.now);
        user.failed_attempts = 0;
        self.store.put(user)?;
        Ok(session)
    }

    /// Returns the active sessions of a client, each with its user.
    pub(crate) fn sessions_of(&self, client: &Client) -> Result<Vec<(Session, User)>, Error> {
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

    /// Closes a session and removes it from its client, whose changed time invalidates older cookies.
    pub(crate) fn close_session(&self, session: &mut Session, status: SessionStatus) -> Result<(), Error> {
        session.close(status, self.now);
        self.store.put(session)?;
        if let Some(mut client) = self.store.get::<Client>(&session.client_id)? {
            client.session_ids.retain(|id| *id != session.id);
            if client.last_active_session_id.as_ref() == Some(&session.id) {
                client.last_active_session_id = client.session_ids.last().cloned();
            }
            client.updated_at = self.real_now;
            self.store.put(&client)?;
        }
        Ok(())
    }

    /// Closes the active sessions of a client, and forgets its attempts.
    pub(crate) fn sign_out(&self, client: &mut Client) -> Result<(), Error> {
        for (mut session, _) in self.sessions_of(client)? {
            session.close(SessionStatus::Removed, self.now);
            self.store.put(&session)?;
        }
        client.session_ids.clear();
        client.last_active_session_id = None;
        client.sign_in = None;
        client.sign_up = None;
        client.updated_at = self.real_now;
        Ok(self.store.put(client)?)
    }

    /// Signs whoever is there out for somebody else, unless a client may have several sessions. Tells whether it did.
    pub(crate) fn make_way(&self, client: &mut Client) -> Result<bool, Error> {
        if self.settings()?.multi_session || self.sessions_of(client)?.is_empty() {
            return Ok(false);
        }
        self.sign_out(client)?;
        Ok(true)
    }

    /// Tells whether a user has an active session on a client.
    pub(crate) fn is_signed_in(&self, client: &Client, user_id: &str) -> Result<bool, Error> {
        let sessions = self.sessions_of(client)?;
        Ok(sessions.iter().any(|(session, _)| session.user_id == user_id))
    }

    /// Closes the active sessions of a user, except for one.
    pub(crate) fn close_sessions_of(
        &self,
        user_id: &str,
        except: Option<&str>,
        status: SessionStatus,
    ) -> Result<(), Error> {
        for mut session in self.store.of::<Session>(user_id)? {
            if session.is_active(self.now) && Some(session.id.as_str()) != except {
                self.close_session(&mut session, status)?;
            }
        }
        Ok(())
    }

    /// Revokes the active sessions of a user, except for one.
    pub(crate) fn revoke_sessions_of(&self, user_id: &str, except: Option<&str>) -> Result<(), Error> {
        self.close_sessions_of(user_id, except, SessionStatus::Revoked)
    }
}
