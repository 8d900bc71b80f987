//! The client's sessions: begun, used, ended.

use serde_json::json;

use super::super::{
    call::Call,
    errors::Error,
    model::{Activity, Client, Session, User},
    reply::Reply,
};

impl Call<'_> {
    /// Signs a user in on this client. The caller stores the client.
    pub(in super::super) fn start_session(
        &self,
        client: &mut Client,
        user: &mut User,
        strategy: &str,
    ) -> Result<Session, Error> {
        let session = Session::new(&user.id, &client.id, Activity::of(&self.headers), self.now);
        self.store.put(&session)?;
        client.session_ids.push(session.id.clone());
        client.last_active_session_id = Some(session.id.clone());
        client.last_authentication_strategy = Some(strategy.to_owned());
        client.updated_at = self.now;
        user.last_sign_in_at = Some(self.now);
        user.last_active_at = Some(self.now);
        user.failed_attempts = 0;
        self.store.put(user)?;
        Ok(session)
    }

    /// Closes a session wherever it is, and tells its client's cookies apart from the older ones.
    pub(in super::super) fn close_session(&self, session: &mut Session, status: &str) -> Result<(), Error> {
        session.close(status, self.now);
        self.store.put(session)?;
        if let Some(mut client) = self.store.get::<Client>(&session.client_id)? {
            client.session_ids.retain(|id| *id != session.id);
            if client.last_active_session_id.as_ref() == Some(&session.id) {
                client.last_active_session_id = client.session_ids.last().cloned();
            }
            client.updated_at = self.now;
            self.store.put(&client)?;
        }
        Ok(())
    }
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (client, session, user) = call.own_session(&call.path("id"))?;
    call.wrapped(&call.session_json(&session, &user)?, &client)
}

pub(super) fn touch(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut session, mut user) = call.own_session(&call.path("id"))?;
    if let Some(organization) = call.body.change("active_organization_id") {
        call.activate_organization(&mut session, organization.as_deref())?;
    }
    session.last_active_at = call.now;
    user.last_active_at = Some(call.now);
    client.last_active_session_id = Some(session.id.clone());
    call.store.put(&session)?;
    call.store.put(&user)?;
    call.store.put(&client)?;
    call.wrapped(&call.session_json(&session, &user)?, &client)
}

pub(super) fn end(call: &mut Call<'_>) -> Result<Reply, Error> {
    close(call, "ended")
}

pub(super) fn remove(call: &mut Call<'_>) -> Result<Reply, Error> {
    close(call, "removed")
}

fn close(call: &Call<'_>, status: &str) -> Result<Reply, Error> {
    let (client, mut session, user) = call.own_session(&call.path("id"))?;
    call.close_session(&mut session, status)?;
    let client = call.store.get::<Client>(&client.id)?.unwrap_or(client);
    call.wrapped(&call.session_json(&session, &user)?, &client)
}

/// Signs out of everything; the client stays.
pub(super) fn remove_all(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Some(client) = call.client()? else {
        return Ok(Reply::json(&json!({ "response": null, "client": null })));
    };
    for (mut session, _) in call.sessions_of(&client)? {
        call.close_session(&mut session, "removed")?;
    }
    let mut client = call.store.get::<Client>(&client.id)?.unwrap_or(client);
    client.session_ids.clear();
    client.last_active_session_id = None;
    client.sign_in = None;
    client.sign_up = None;
    client.updated_at = call.now;
    call.store.put(&client)?;
    let client = call.client_json(&client)?;
    Ok(Reply::json(&json!({ "response": client, "client": null })))
}

pub(super) fn create_token(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (_, mut session, _) = call.own_session(&call.path("id"))?;
    session.last_active_at = call.now;
    call.store.put(&session)?;
    // Each tab may speak for an organization of its own: only a touch changes the session's.
    if let Some(organization) = call.body.change("organization_id") {
        call.activate_organization(&mut session, organization.as_deref())?;
    }
    Ok(Reply::json(&call.token_json(&session)?))
}

pub(super) fn create_template_token(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (_, session, user) = call.own_session(&call.path("id"))?;
    let token = call.template_token(&session, &user, &call.path("template"), None)?;
    Ok(Reply::json(&token))
}
