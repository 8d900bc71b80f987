//! Conversion of the claims of a session token, version 1 or 2, to [`Auth`].

use serde_json::Value;

use crate::{
    auth::{ActiveOrganization, Auth, SessionStatus, SignedIn, SignedOut},
    permissions,
    scoped::{ClaimsError, Scoped},
};

impl Auth {
    /// Reads the claims of a session token whose signature has been verified, or that clerk-js holds in the
    /// browser. A pending session is signed out.
    ///
    /// # Errors
    ///
    /// The token has an organization, and a malformed `fea` claim from which the permissions cannot be
    /// derived.
    pub fn from_claims(claims: Value) -> Result<Self, ClaimsError> {
        let session_status = match claims.get("sts").and_then(Value::as_str) {
            Some("active") => Some(SessionStatus::Active),
            Some("pending") => Some(SessionStatus::Pending),
            _ => None,
        };
        let org = organization(&claims)?;
        let is_pending = session_status == Some(SessionStatus::Pending);
        let Some(user_id) = text(&claims, "sub").filter(|_| !is_pending) else {
            return Ok(Self::SignedOut(SignedOut {
                is_pending,
                ..SignedOut::default()
            }));
        };
        Ok(Self::SignedIn(SignedIn {
            user_id,
            session_id: text(&claims, "sid"),
            session_status,
            actor: claims.get("act").filter(|actor| !actor.is_null()).cloned(),
            org,
            factor_verification_age: claims.get("fva").and_then(factor_verification_age),
            session_claims: claims,
        }))
    }
}

/// The active organization, by the version of the token.
fn organization(claims: &Value) -> Result<Option<ActiveOrganization>, ClaimsError> {
    if claims.get("v").and_then(Value::as_f64) == Some(2.0) {
        match claims.get("o").filter(|o| o.is_object()) {
            Some(o) => version_2(o, claims),
            None => Ok(None),
        }
    } else {
        Ok(version_1(claims))
    }
}

fn version_1(claims: &Value) -> Option<ActiveOrganization> {
    let permissions = claims.get("org_permissions").and_then(Value::as_array);
    Some(ActiveOrganization {
        id: text(claims, "org_id")?,
        role: text(claims, "org_role"),
        slug: text(claims, "org_slug"),
        permissions: permissions
            .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
    })
}

fn version_2(o: &Value, claims: &Value) -> Result<Option<ActiveOrganization>, ClaimsError> {
    let str_of = |value: &Value, name: &str| text(value, name).unwrap_or_default();
    let features = str_of(claims, "fea");
    let features = Scoped::parse(&features)?.org;
    Ok(text(o, "id").map(|id| ActiveOrganization {
        id,
        role: text(o, "rol").map(|role| format!("org:{role}")),
        slug: text(o, "slg"),
        permissions: Some(permissions::expand(
            &features,
            &str_of(o, "per"),
            &str_of(o, "fpm"),
        )),
    }))
}

/// A claim that is a non-empty string.
fn text(claims: &Value, name: &str) -> Option<String> {
    claims
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Exactly two numbers, each -1 or not negative. Fractions are dropped: ages are compared with whole minutes.
fn factor_verification_age(fva: &Value) -> Option<[i64; 2]> {
    let [first, second] = fva.as_array()?.as_slice() else {
        return None;
    };
    let age = |value: &Value| {
        let minutes = value.as_f64()?;
        (minutes == -1.0 || minutes >= 0.0).then(|| minutes.floor() as i64)
    };
    Some([age(first)?, age(second)?])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn version_1_claims_are_used_unchanged() {
        let auth = Auth::from_claims(json!({
            "sub": "user_1", "sid": "sess_1", "org_id": "org_1", "org_role": "org:admin", "org_slug": "acme",
            "org_permissions": ["org:posts:read"], "act": {"sub": "user_2"}, "fva": [3, -1], "sts": "active",
        }))
        .unwrap();
        let signed_in = auth.signed_in().unwrap();
        assert_eq!(signed_in.user_id, "user_1");
        assert_eq!(signed_in.session_id.as_deref(), Some("sess_1"));
        assert_eq!(signed_in.session_status, Some(SessionStatus::Active));
        assert_eq!(signed_in.actor, Some(json!({"sub": "user_2"})));
        assert_eq!(signed_in.factor_verification_age, Some([3, -1]));
        let org = auth.org().unwrap();
        assert_eq!(org.role.as_deref(), Some("org:admin"));
        assert_eq!(
            org.permissions.as_deref(),
            Some(["org:posts:read".to_owned()].as_slice())
        );
    }

    #[test]
    fn version_2_claims_expand_the_organization() {
        let auth = Auth::from_claims(json!({
            "v": 2, "sub": "user_1", "fea": "o:posts,u:mine,uo:users",
            "o": {"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,write", "fpm": "3,2"},
        }))
        .unwrap();
        let org = auth.org().unwrap();
        assert_eq!(org.id, "org_1");
        assert_eq!(org.slug.as_deref(), Some("acme"));
        assert_eq!(org.role.as_deref(), Some("org:admin"));
        assert_eq!(
            org.permissions.as_deref().unwrap(),
            ["org:posts:read", "org:posts:write", "org:users:write"]
        );
    }

    #[test]
    fn version_2_without_an_organization_has_no_permissions() {
        let auth =
            Auth::from_claims(json!({"v": 2, "sub": "user_1", "org_id": "org_1", "fea": "broken"})).unwrap();
        assert!(auth.is_signed_in());
        assert_eq!(auth.org(), None);
    }

    #[test]
    fn malformed_features_of_an_organization_are_an_error() {
        let claims = json!({"v": 2, "sub": "user_1", "fea": "broken", "o": {"id": "org_1"}});
        assert_eq!(Auth::from_claims(claims), Err(ClaimsError::MissingScope));
    }

    #[test]
    fn a_pending_session_is_signed_out() {
        let auth = Auth::from_claims(json!({"sub": "user_1", "sid": "sess_1", "sts": "pending"})).unwrap();
        assert!(!auth.is_signed_in());
        let Auth::SignedOut(signed_out) = auth else {
            panic!("the session is pending")
        };
        assert!(signed_out.is_pending);
    }

    #[test]
    fn malformed_ages_are_ignored() {
        for fva in [
            json!([1]),
            json!([1, 2, 3]),
            json!([-2, 0]),
            json!(["1", 2]),
            json!(null),
            json!({}),
        ] {
            assert_eq!(factor_verification_age(&fva), None, "{fva}");
        }
        assert_eq!(factor_verification_age(&json!([0.5, -1.0])), Some([0, -1]));
    }
}
