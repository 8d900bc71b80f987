//! The signed-in user.

use serde_json::{Map, Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{Client, ContactKind, User},
        reply::Reply,
        view,
    },
    browser::Caller,
};

const NAME_LIMIT: usize = 256;
/// What a user signs in with, and is written to.
const SENSITIVE: [&str; 3] = ["username", "primary_email_address_id", "primary_phone_number_id"];

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    call.wrapped(&call.user_json(&caller.user)?, &caller.client)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let is_sensitive = SENSITIVE.iter().any(|name| call.body.change(name).is_some());
    let Caller { client, mut user, .. } = if is_sensitive {
        call.verified_caller()?
    } else {
        call.caller()?
    };
    for (name, field) in [
        ("first_name", &mut user.first_name),
        ("last_name", &mut user.last_name),
    ] {
        if let Some(value) = call.body.change(name) {
            if value.as_ref().is_some_and(|value| value.len() > NAME_LIMIT) {
                let why = format!("{name} must be at most {NAME_LIMIT} characters long.");
                return Err(ApiError::form("form_param_max_length_exceeded", name, why).into());
            }
            *field = value;
        }
    }
    if let Some(username) = call.body.change("username") {
        call.change_username(&mut user, username.as_deref())?;
    }
    for (kind, param) in [
        (ContactKind::EmailAddress, "primary_email_address_id"),
        (ContactKind::PhoneNumber, "primary_phone_number_id"),
    ] {
        if let Some(id) = call.body.filled(param) {
            let contact = user
                .contact(kind, id)
                .ok_or_else(|| ApiError::not_found(kind.label(), id))?;
            if !contact.is_verified() {
                let why = format!("The primary {} must be verified.", kind.label());
                return Err(ApiError::value_invalid(param, why).into());
            }
            user.set_primary_contact(kind, id);
        }
    }
    if let Some(metadata) = call.body.object("unsafe_metadata")? {
        user.unsafe_metadata = metadata;
    }
    call.answer_with_user(&client, &mut user)
}

/// Merges, as RFC 7396 says: a null removes.
pub(super) fn update_metadata(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    if let Some(patch) = call.body.object("unsafe_metadata")? {
        merge(&mut user.unsafe_metadata, patch);
    }
    call.answer_with_user(&client, &mut user)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, user, .. } = call.verified_caller()?;
    call.delete_user(&user)?;
    let client = call.store.get::<Client>(&client.id)?.unwrap_or(client);
    call.wrapped(&view::deleted("user", &user.id), &client)
}

impl Call<'_> {
    /// Stores a changed user, and answers with it.
    pub(super) fn answer_with_user(&self, client: &Client, user: &mut User) -> Result<Reply, Error> {
        user.updated_at = self.now;
        self.store.put(user)?;
        self.wrapped(&self.user_json(user)?, client)
    }
}

/// Merges a patch into metadata, as RFC 7396 says.
pub(in super::super) fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(&key);
            }
            Value::Object(patch) => {
                let entry = target.entry(key).or_insert_with(|| json!({}));
                if !entry.is_object() {
                    *entry = json!({});
                }
                if let Value::Object(entry) = entry {
                    merge(entry, patch);
                }
            }
            value => {
                target.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_merged() {
        let mut target = json!({ "a": 1, "b": { "c": 2, "d": 3 }, "e": 4 })
            .as_object()
            .unwrap()
            .clone();
        let patch = json!({ "a": null, "b": { "c": null, "x": 5 }, "e": { "f": 6 }, "n": null });
        merge(&mut target, patch.as_object().unwrap().clone());
        assert_eq!(
            Value::Object(target),
            json!({ "b": { "d": 3, "x": 5 }, "e": { "f": 6 } })
        );
    }
}
