//! Reads the initial state from JSON, by hand. The code that serde derives, with its messages about numbers that have no
//! place here, would be a tenth of the WebAssembly of an app.

use std::sync::Arc;

use clerk_auth::{ActiveOrganization, Auth, ClientOptions, SessionStatus, SignedIn, SignedOut, User};
use serde_json::Value;

use super::InitialState;

/// Reads what `InitialState` was serialized to. What is missing has its default.
pub(super) fn from_json(state: &Value) -> InitialState {
    let field = |name| state.get(name).unwrap_or(&Value::Null);
    InitialState {
        auth: auth(field("auth")),
        user: user(field("user")),
        options: Arc::new(options(field("options"))),
    }
}

fn auth(auth: &Value) -> Auth {
    let session_status = match auth.get("session_status").and_then(Value::as_str) {
        Some("active") => Some(SessionStatus::Active),
        Some("pending") => Some(SessionStatus::Pending),
        _ => None,
    };
    let Some(user_id) = text(auth, "user_id") else {
        let mut signed_out = SignedOut::default();
        signed_out.is_pending = session_status == Some(SessionStatus::Pending);
        return Auth::SignedOut(signed_out);
    };
    let mut signed_in = SignedIn::new(user_id);
    signed_in.session_id = text(auth, "session_id");
    signed_in.session_status = session_status;
    signed_in.actor = auth.get("actor").filter(|actor| !actor.is_null()).cloned();
    signed_in.org = text(auth, "org_id").map(|id| {
        let mut org = ActiveOrganization::new(id);
        org.slug = text(auth, "org_slug");
        org.role = text(auth, "org_role");
        org.permissions = auth
            .get("org_permissions")
            .and_then(Value::as_array)
            .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        org
    });
    let ages = auth.get("factor_verification_age").and_then(Value::as_array);
    signed_in.factor_verification_age = ages.and_then(|ages| match ages.as_slice() {
        [first, second] => Some([first.as_i64()?, second.as_i64()?]),
        _ => None,
    });
    signed_in.session_claims = auth.get("session_claims").cloned().unwrap_or_default();
    Auth::SignedIn(signed_in)
}

fn user(user: &Value) -> Option<User> {
    Some(User {
        id: text(user, "id")?,
        first_name: text(user, "first_name"),
        last_name: text(user, "last_name"),
        username: text(user, "username"),
        email_address: text(user, "email_address"),
        image_url: text(user, "image_url"),
        public_metadata: user
            .get("public_metadata")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
    })
}

fn options(options: &Value) -> ClientOptions {
    let string = |name| text(options, name).unwrap_or_default();
    let is = |name| options.get(name) == Some(&Value::Bool(true));
    ClientOptions {
        publishable_key: string("publishable_key"),
        proxy_url: text(options, "proxy_url"),
        domain: text(options, "domain"),
        is_satellite: is("is_satellite"),
        sign_in_url: string("sign_in_url"),
        sign_up_url: string("sign_up_url"),
        sign_in_fallback_redirect_url: string("sign_in_fallback_redirect_url"),
        sign_up_fallback_redirect_url: string("sign_up_fallback_redirect_url"),
        clerk_js_url: string("clerk_js_url"),
        clerk_ui_url: string("clerk_ui_url"),
        telemetry_disabled: is("telemetry_disabled"),
        local: is("local"),
        ..ClientOptions::default()
    }
}

fn text(object: &Value, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn assert_round_trip(state: &InitialState) {
        assert_eq!(from_json(&serde_json::to_value(state).unwrap()), *state);
    }

    #[test]
    fn every_field_reaches_the_browser() {
        let claims = json!({
            "sub": "user_1", "sid": "sess_1", "sts": "active", "fva": [3, -1], "act": {"sub": "user_2"},
            "org_id": "org_1", "org_slug": "acme", "org_role": "org:admin", "org_permissions": ["org:posts:read"],
            "score": 1.5,
        });
        let all = InitialState {
            auth: Auth::from_claims(claims).unwrap(),
            user: Some(User {
                id: "user_1".to_owned(),
                first_name: Some("Ada".to_owned()),
                last_name: Some("Lovelace".to_owned()),
                username: Some("ada".to_owned()),
                email_address: Some("ada@example.com".to_owned()),
                image_url: Some("https://img.example/ada".to_owned()),
                public_metadata: [("colour".to_owned(), json!("green"))].into_iter().collect(),
            }),
            options: Arc::new(ClientOptions {
                publishable_key: "pk_test_1".to_owned(),
                proxy_url: Some("/__clerk".to_owned()),
                domain: Some("satellite.example".to_owned()),
                is_satellite: true,
                sign_in_url: "/sign-in".to_owned(),
                sign_up_url: "/sign-up".to_owned(),
                sign_in_fallback_redirect_url: "/in".to_owned(),
                sign_up_fallback_redirect_url: "/up".to_owned(),
                clerk_js_url: "/clerk.js".to_owned(),
                clerk_ui_url: "/ui.js".to_owned(),
                telemetry_disabled: true,
                local: true,
                ..ClientOptions::default()
            }),
        };
        assert_round_trip(&all);
    }

    #[test]
    fn what_is_absent_stays_absent() {
        assert_round_trip(&InitialState::default());
        for claims in [
            json!({"sub": "user_1"}),
            json!({"sub": "user_1", "sts": "pending"}),
        ] {
            assert_round_trip(&InitialState {
                auth: Auth::from_claims(claims).unwrap(),
                ..InitialState::default()
            });
        }
        assert_eq!(from_json(&Value::Null), InitialState::default());
    }
}
