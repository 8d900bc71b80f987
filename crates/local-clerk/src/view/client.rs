//! Clients, and the wrapper that carries one to clerk-js with every change.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::Error,
    model::{Client, DAY, SignInStatus},
    reply::Reply,
};

impl Call<'_> {
    /// A change's result beside the client it has left: clerk-js takes over both.
    pub(in super::super) fn wrapped(&self, response: &Value, client: &Client) -> Result<Reply, Error> {
        let client = self.client_json(client)?;
        Ok(Reply::json(&json!({ "response": response, "client": client })))
    }

    pub(in super::super) fn client_json(&self, client: &Client) -> Result<Value, Error> {
        let mut sessions = Vec::new();
        for (session, user) in self.sessions_of(client)? {
            sessions.push(self.session_json(&session, &user)?);
        }
        let sign_in = client
            .sign_in
            .as_ref()
            .filter(|attempt| attempt.status != SignInStatus::Complete && attempt.abandon_at > self.now);
        let sign_in = sign_in.map(|attempt| self.sign_in_json(attempt)).transpose()?;
        let sign_up = client
            .sign_up
            .as_ref()
            .filter(|attempt| !attempt.is_complete() && attempt.abandon_at > self.now);
        Ok(json!({
            "object": "client",
            "id": client.id,
            "sessions": sessions,
            "sign_in": sign_in,
            "sign_up": sign_up.map(|attempt| self.sign_up_json(attempt)).transpose()?,
            "last_active_session_id": client.last_active_session_id,
            "last_authentication_strategy": client.last_authentication_strategy,
            "cookie_expires_at": self.now + 365 * DAY,
            "captcha_bypass": true,
            "created_at": client.created_at,
            "updated_at": client.updated_at,
        }))
    }
}
