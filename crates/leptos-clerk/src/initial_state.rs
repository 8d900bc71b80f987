use serde::{Deserialize, Serialize};

use clerk_auth::{Auth, ClientOptions, User};

/// What the server knew when it rendered the page, handed to the browser inside the page so that
/// hydration starts from the same values. Never holds a token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct InitialState {
    pub auth: Auth,
    pub user: Option<User>,
    pub options: ClientOptions,
}

impl InitialState {
    /// The `id` of the JSON script that carries the state.
    pub const ELEMENT_ID: &str = "clerk-state";

    /// The state of the request being rendered on the server, or of the page in the browser.
    #[must_use]
    pub fn from_context() -> Self {
        super::platform::initial_state()
    }

    /// JSON that may stand inside a `<script>`: no `<`, so neither `</script` nor `<!--` can end it.
    #[must_use]
    pub fn to_script_json(&self) -> String {
        serde_json::to_string(self)
            .unwrap_or_default()
            .replace('<', "\\u003c")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_json_cannot_close_its_script() {
        let state = InitialState {
            user: Some(User {
                first_name: Some("</script><!--".into()),
                ..User::default()
            }),
            ..InitialState::default()
        };
        let json = state.to_script_json();
        assert!(!json.contains('<'), "{json}");
        let back: InitialState = serde_json::from_str(&json).unwrap();
        assert_eq!(back.user, state.user);
    }
}
