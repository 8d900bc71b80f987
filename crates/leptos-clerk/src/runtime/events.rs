//! Events of clerk-js, applied to the store.

use clerk_auth::{Auth, SessionStatus, SignedIn, SignedOut, User};
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    clerk_js::{
        bindings::{self, Resources, SessionResource, UserResource},
        json::from_js,
    },
    store::Clerk,
};

/// Updates the store with the current session and user.
pub(super) fn follow(clerk: Clerk, resources: &Resources) {
    let session = resources.session();
    if session.is_undefined() {
        clerk.settled.set(false);
        return;
    }
    let auth = if session.is_null() {
        Auth::signed_out()
    } else {
        auth(session.unchecked_ref(), resources.user().as_ref())
    };
    clerk.auth.maybe_update(|current| replace(current, auth));
    set_user(clerk, resources.user());
    clerk.settled.maybe_update(|current| replace(current, true));
}

/// Updates the store with the current user, of whom clerk-js reports no change.
pub(crate) fn follow_user(clerk: Clerk) {
    set_user(clerk, bindings::clerk().and_then(|clerk| clerk.user()));
}

fn set_user(clerk: Clerk, user: Option<UserResource>) {
    let user = user.map(|user| user_of(&user));
    clerk.user.maybe_update(|current| replace(current, user));
}

/// Returns whether anything changed, so that nothing is rendered again for an equal value.
fn replace<T: PartialEq>(current: &mut T, new: T) -> bool {
    let changed = *current != new;
    if changed {
        *current = new;
    }
    changed
}

/// Builds the authentication object from the claims of the session token, which say most, or else from the resources.
fn auth(session: &SessionResource, user: Option<&UserResource>) -> Auth {
    session
        .last_active_token()
        .and_then(|token| token.jwt())
        .and_then(|jwt| Auth::from_claims(claims(&jwt.claims())).ok())
        .unwrap_or_else(|| match (session.status().as_str(), user) {
            ("active", Some(user)) => {
                let mut signed_in = SignedIn::new(user.id());
                signed_in.session_id = Some(session.id());
                signed_in.session_status = Some(SessionStatus::Active);
                Auth::SignedIn(signed_in)
            }
            (status, _) => {
                let mut signed_out = SignedOut::default();
                signed_out.is_pending = status == "pending";
                Auth::SignedOut(signed_out)
            }
        })
}

fn claims(claims: &JsValue) -> Value {
    let mut claims = from_js(claims);
    // clerk-js keeps the whole token beside its claims.
    if let Some(claims) = claims.as_object_mut() {
        claims.remove("__raw");
    }
    claims
}

fn user_of(user: &UserResource) -> User {
    User {
        id: user.id(),
        first_name: user.first_name(),
        last_name: user.last_name(),
        username: user.username(),
        email_address: user
            .primary_email_address()
            .map(|address| address.email_address()),
        image_url: user.image_url(),
        public_metadata: match from_js(&user.public_metadata()) {
            Value::Object(metadata) => metadata,
            _ => Map::new(),
        },
    }
}
