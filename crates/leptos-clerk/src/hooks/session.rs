//! `use_session` and `use_session_list`.

use clerk_auth::Auth;
use leptos::prelude::*;
use serde_json::Value;

use super::{
    live::live,
    organization::PublicUserData,
    read::{elements, number, object, present, required, text},
};
use crate::store::use_clerk;

/// A session of this browser.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Session {
    /// The ID, `sess_…`.
    pub id: String,
    /// The status, such as `active` or `pending`.
    pub status: String,
    /// The ID of the user, `user_…`.
    pub user_id: Option<String>,
    /// The user, to show them. `None` on the server.
    pub public_user_data: Option<PublicUserData>,
    /// The ID of the organization that is active in the session, or was last.
    pub last_active_organization_id: Option<String>,
    /// When the session was last active, in milliseconds since 1970. `None` on the server.
    pub last_active_at: Option<i64>,
    /// When the session ends, in milliseconds since 1970. `None` on the server.
    pub expire_at: Option<i64>,
    /// All data of the resource, as clerk-js names them. `null` on the server. Without tokens.
    pub raw: Value,
}

impl Session {
    fn from_json(value: &Value) -> Self {
        Self {
            id: required(value, "id"),
            status: required(value, "status"),
            user_id: object(value, "user").and_then(|user| text(user, "id")),
            public_user_data: object(value, "publicUserData").map(PublicUserData::from_json),
            last_active_organization_id: text(value, "lastActiveOrganizationId"),
            last_active_at: number(value, "lastActiveAt"),
            expire_at: number(value, "expireAt"),
            raw: value.clone(),
        }
    }

    /// What the session token says.
    fn from_auth(auth: &Auth) -> Option<Self> {
        let Auth::SignedIn(signed_in) = auth else {
            return None;
        };
        Some(Self {
            id: signed_in.session_id.clone()?,
            status: "active".to_owned(),
            user_id: Some(signed_in.user_id.clone()),
            last_active_organization_id: signed_in.org.as_ref().map(|org| org.id.clone()),
            ..Self::default()
        })
    }
}

/// The current session as a signal. `None` while nobody is signed in.
///
/// On the server it has what the session token says: the IDs of the session, the user and the organization. A pending session
/// counts as none there; clerk-js reports it with its status.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::use_session;
///
/// #[component]
/// fn LastActive() -> impl IntoView {
///     let session = use_session();
///     move || session.with(|session| {
///         let last_active = session.as_ref()?.last_active_at?;
///         Some(view! { <time data-milliseconds=last_active>"Active"</time> })
///     })
/// }
/// ```
#[must_use]
pub fn use_session() -> Signal<Option<Session>> {
    let clerk = use_clerk();
    let initial = clerk.auth.with_untracked(Session::from_auth);
    live(clerk, &["session"], initial, |value| {
        present(value, Session::from_json)
    })
}

/// The sessions of this browser as a signal: several, where the instance allows them. Switch with
/// [`Clerk::set_active`](crate::Clerk::set_active). On the server, the current one.
///
/// # Panics
///
/// Outside of [`ClerkProvider`](crate::ClerkProvider).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{SetActiveParams, use_clerk, use_session_list};
///
/// #[component]
/// fn Accounts() -> impl IntoView {
///     let clerk = use_clerk();
///     let sessions = use_session_list();
///     let switch = Action::new(move |id: &String| clerk.set_active(SetActiveParams::new().session(id)));
///     let account = move |session: leptos_clerk::Session| {
///         let name = session.public_user_data.map(|user| user.identifier);
///         let switch = move |_| { switch.dispatch(session.id.clone()); };
///         view! { <li><button on:click=switch>{name}</button></li> }
///     };
///     view! { <ul>{move || sessions.get().into_iter().map(account).collect_view()}</ul> }
/// }
/// ```
#[must_use]
pub fn use_session_list() -> Signal<Vec<Session>> {
    let clerk = use_clerk();
    let initial = clerk
        .auth
        .with_untracked(Session::from_auth)
        .into_iter()
        .collect();
    live(clerk, &["client", "sessions"], initial, |value| {
        elements(value, Session::from_json)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_session_is_read_from_the_token_and_from_clerk_js() {
        let claims = json!({ "sub": "user_1", "sid": "sess_1", "org_id": "org_1" });
        let known = Session::from_auth(&Auth::from_claims(claims).unwrap()).unwrap();
        let resource = json!({
            "id": "sess_1",
            "status": "active",
            "user": { "id": "user_1" },
            "lastActiveOrganizationId": "org_1",
        });
        let read = Session::from_json(&resource);
        assert_eq!(
            read,
            Session {
                raw: resource,
                ..known
            }
        );
    }

    #[test]
    fn nobody_has_no_session() {
        assert_eq!(Session::from_auth(&Auth::signed_out()), None);
        assert_eq!(present(&Value::Null, Session::from_json), None);
    }
}
