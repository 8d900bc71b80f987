//! Sessions.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::Error,
    model::{Session, User},
};

impl Call<'_> {
    /// A session as its own browser sees it, with a token.
    pub(in super::super) fn session_json(&self, session: &Session, user: &User) -> Result<Value, Error> {
        let mut json = self.base(session)?;
        json["user"] = self.user_json(user)?;
        json["public_user_data"] = self.public_user_data_json(user);
        json["factor_verification_age"] = json!(session.factor_verification_age(self.now));
        json["last_active_token"] = self.token_json(session)?;
        Ok(json)
    }

    /// A session in the list of the user's devices.
    pub(in super::super) fn device_json(&self, session: &Session, user: &User) -> Result<Value, Error> {
        let mut json = self.base(session)?;
        json["user"] = Value::Null;
        json["public_user_data"] = self.public_user_data_json(user);
        json["factor_verification_age"] = json!(session.factor_verification_age(self.now));
        json["last_active_token"] = Value::Null;
        json["latest_activity"] = latest_activity(session);
        Ok(json)
    }

    /// A session as a backend sees it.
    pub(in super::super) fn backend_session_json(&self, session: &Session) -> Result<Value, Error> {
        let mut json = self.base(session)?;
        json["user_id"] = json!(session.user_id);
        json["client_id"] = json!(session.client_id);
        json["latest_activity"] = latest_activity(session);
        if session.status == "active" && !session.is_active(self.now) {
            json["status"] = json!("expired");
        }
        Ok(json)
    }

    fn base(&self, session: &Session) -> Result<Value, Error> {
        let tasks = self.open_tasks(session)?;
        Ok(json!({
        "object": "session",
        "id": session.id,
        "status": if tasks.is_some() { "pending" } else { &session.status },
        "expire_at": session.expire_at,
        "abandon_at": session.abandon_at,
        "last_active_at": session.last_active_at,
        "last_active_organization_id": session.last_active_organization_id,
        "actor": session.actor,
        "tasks": tasks,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
        }))
    }

    /// In the shape of the API: of a live session that has any.
    fn open_tasks(&self, session: &Session) -> Result<Option<Vec<Value>>, Error> {
        if !session.is_active(self.now) {
            return Ok(None);
        }
        let tasks = self.tasks(session)?;
        let tasks: Vec<Value> = tasks.into_iter().map(|key| json!({ "key": key })).collect();
        Ok(Some(tasks).filter(|tasks| !tasks.is_empty()))
    }
}

fn latest_activity(session: &Session) -> Value {
    let activity = &session.activity;
    json!({
        "object": "session_activity",
        "id": activity.id,
        "device_type": activity.device_type.as_deref().unwrap_or_default(),
        "is_mobile": activity.is_mobile,
        "browser_name": activity.browser_name.as_deref().unwrap_or_default(),
        "browser_version": activity.browser_version.as_deref().unwrap_or_default(),
        "ip_address": activity.ip_address.as_deref().unwrap_or_default(),
        "city": "this machine",
        "country": "",
    })
}
