//! The flat JSON object as which [`Auth`] is serialized in pages and API responses.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{ActiveOrganization, Auth, SessionStatus, SignedIn, SignedOut};

/// The auth object of Clerk's JavaScript SDKs, in snake case.
#[derive(Default, Serialize)]
struct AuthFields<'a> {
    user_id: Option<&'a str>,
    session_id: Option<&'a str>,
    session_status: Option<SessionStatus>,
    actor: Option<&'a Value>,
    org_id: Option<&'a str>,
    org_role: Option<&'a str>,
    org_slug: Option<&'a str>,
    org_permissions: Option<&'a [String]>,
    factor_verification_age: Option<[i64; 2]>,
    session_claims: Option<&'a Value>,
}

/// The same, to read it.
#[derive(Deserialize)]
struct AuthObject {
    user_id: Option<String>,
    session_id: Option<String>,
    session_status: Option<SessionStatus>,
    actor: Option<Value>,
    org_id: Option<String>,
    org_role: Option<String>,
    org_slug: Option<String>,
    org_permissions: Option<Vec<String>>,
    factor_verification_age: Option<[i64; 2]>,
    session_claims: Option<Value>,
}

impl Serialize for Auth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::SignedIn(signed_in) => signed_in.serialize(serializer),
            Self::Machine(_) => AuthFields::default().serialize(serializer),
            Self::SignedOut(signed_out) => AuthFields {
                session_status: signed_out.is_pending.then_some(SessionStatus::Pending),
                ..AuthFields::default()
            }
            .serialize(serializer),
        }
    }
}

impl Serialize for SignedIn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let org = self.org.as_ref();
        AuthFields {
            user_id: Some(&self.user_id),
            session_id: self.session_id.as_deref(),
            session_status: self.session_status,
            actor: self.actor.as_ref(),
            org_id: org.map(|org| org.id.as_str()),
            org_role: org.and_then(|org| org.role.as_deref()),
            org_slug: org.and_then(|org| org.slug.as_deref()),
            org_permissions: org.and_then(|org| org.permissions.as_deref()),
            factor_verification_age: self.factor_verification_age,
            session_claims: Some(&self.session_claims),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Auth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AuthObject::deserialize(deserializer).map(Self::from)
    }
}

impl From<AuthObject> for Auth {
    fn from(object: AuthObject) -> Self {
        let Some(user_id) = object.user_id else {
            return Self::SignedOut(SignedOut {
                is_pending: object.session_status == Some(SessionStatus::Pending),
                ..SignedOut::default()
            });
        };
        let org = object.org_id.map(|id| ActiveOrganization {
            id,
            slug: object.org_slug,
            role: object.org_role,
            permissions: object.org_permissions,
        });
        Self::SignedIn(SignedIn {
            user_id,
            session_id: object.session_id,
            session_status: object.session_status,
            actor: object.actor,
            org,
            factor_verification_age: object.factor_verification_age,
            session_claims: object.session_claims.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn serializes_as_the_flat_object_of_the_javascript_sdks() {
        let claims = json!({"sub": "user_1", "sid": "sess_1", "org_id": "org_1", "org_role": "org:admin"});
        let auth = Auth::from_claims(claims.clone()).unwrap();
        let expected = json!({
            "user_id": "user_1", "session_id": "sess_1", "session_status": null, "actor": null,
            "org_id": "org_1", "org_role": "org:admin", "org_slug": null, "org_permissions": null,
            "factor_verification_age": null, "session_claims": claims,
        });
        assert_eq!(serde_json::to_value(&auth).unwrap(), expected);
        assert_eq!(serde_json::to_value(auth.signed_in().unwrap()).unwrap(), expected);
    }

    #[test]
    fn round_trips_to_the_browser() {
        for claims in [
            json!({"sub": "user_1", "sid": "s", "fva": [0, -1], "org_id": "org_1"}),
            json!({"sub": "user_1", "sts": "pending"}),
            json!({}),
        ] {
            let auth = Auth::from_claims(claims).unwrap();
            let json = serde_json::to_string(&auth).unwrap();
            assert_eq!(serde_json::from_str::<Auth>(&json).unwrap(), auth);
        }
    }

    #[test]
    fn the_reason_is_not_serialized() {
        let auth = Auth::SignedOut(SignedOut {
            reason: Some("token-invalid".into()),
            ..SignedOut::default()
        });
        let json = serde_json::to_string(&auth).unwrap();
        assert!(!json.contains("token-invalid"), "{json}");
        assert_eq!(serde_json::from_str::<Auth>(&json).unwrap(), Auth::signed_out());
    }
}
