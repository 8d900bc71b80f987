//! The flat JSON object as which [`Auth`] is serialized in pages and API responses.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{ActiveOrganization, Auth, SessionStatus, SignedIn, SignedOut};

/// The auth object of Clerk's JavaScript SDKs, in snake case.
#[derive(Default, Serialize, Deserialize)]
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
        AuthObject::from(self.clone()).serialize(serializer)
    }
}

impl Serialize for SignedIn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        AuthObject::from(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Auth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AuthObject::deserialize(deserializer).map(Self::from)
    }
}

impl From<Auth> for AuthObject {
    fn from(auth: Auth) -> Self {
        match auth {
            Auth::SignedIn(signed_in) => signed_in.into(),
            Auth::SignedOut(signed_out) => Self {
                session_status: signed_out.is_pending.then_some(SessionStatus::Pending),
                ..Self::default()
            },
        }
    }
}

impl From<SignedIn> for AuthObject {
    fn from(signed_in: SignedIn) -> Self {
        let (org_id, org_role, org_slug, org_permissions) = match signed_in.org {
            Some(org) => (Some(org.id), org.role, org.slug, org.permissions),
            None => (None, None, None, None),
        };
        Self {
            user_id: Some(signed_in.user_id),
            session_id: signed_in.session_id,
            session_status: signed_in.session_status,
            actor: signed_in.actor,
            org_id,
            org_role,
            org_slug,
            org_permissions,
            factor_verification_age: signed_in.factor_verification_age,
            session_claims: Some(signed_in.session_claims),
        }
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
