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
        let mut json = base(session);
        json["user"] = self.user_json(user)?;
        json["public_user_data"] = self.public_user_data_json(user);
        json["factor_verification_age"] = json!(session.factor_verification_age(self.now));
        json["last_active_token"] = self.token_json(session)?;
        Ok(json)
    }

    /// A session in the list of the user's devices.
    pub(in super::super) fn device_json(&self, session: &Session, user: &User) -> Value {
        let mut json = base(session);
        json["user"] = Value::Null;
        json["public_user_data"] = self.public_user_data_json(user);
        json["factor_verification_age"] = json!(session.factor_verification_age(self.now));
        json["last_active_token"] = Value::Null;
        json["latest_activity"] = latest_activity(session);
        json
    }
}

/// A session as a backend sees it.
pub(in super::super) fn backend_json(session: &Session, now: i64) -> Value {
    let mut json = base(session);
    json["user_id"] = json!(session.user_id);
    json["client_id"] = json!(session.client_id);
    json["latest_activity"] = latest_activity(session);
    if session.status == "active" && !session.is_active(now) {
        json["status"] = json!("expired");
    }
    json
}

fn base(session: &Session) -> Value {
    json!({
        "object": "session",
        "id": session.id,
        "status": session.status,
        "expire_at": session.expire_at,
        "abandon_at": session.abandon_at,
        "last_active_at": session.last_active_at,
        "last_active_organization_id": session.last_active_organization_id,
        "actor": session.actor,
        "tasks": null,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
    })
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
