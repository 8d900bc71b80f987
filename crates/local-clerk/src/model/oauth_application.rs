//! OAuth applications: programs that act for users, with their consent.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{id, store::Document};

/// The scopes that there are, with what they allow, as the consent screen shows it.
pub(crate) const SCOPES: [(&str, &str); 7] = [
    ("openid", "Verify who you are"),
    ("profile", "View your name, username and picture"),
    ("email", "View your email address"),
    ("public_metadata", "View your public metadata"),
    ("private_metadata", "View your private metadata"),
    ("user:org:read", "View the organization that you choose"),
    ("offline_access", "Stay connected while you are away"),
];

/// The scopes of applications and of authorization requests that name none.
pub(crate) const DEFAULT_SCOPES: [&str; 2] = ["profile", "email"];

/// The scopes of clients that register themselves without naming any.
pub(crate) const REGISTRATION_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

const MAX_URI_LENGTH: usize = 1024;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OauthApplication {
    pub(crate) id: String,
    pub(crate) client_id: String,
    /// Not accepted while the client is public.
    pub(crate) client_secret: String,
    pub(crate) name: String,
    pub(crate) client_uri: Option<String>,
    /// A logo at another place.
    pub(crate) logo_uri: Option<String>,
    /// The uploaded logo.
    pub(crate) image_id: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    /// What it may ask for.
    pub(crate) scopes: Vec<String>,
    /// Whether it cannot keep a secret, and has to prove by PKCE that it has made the authorization request.
    pub(crate) public: bool,
    pub(crate) pkce_required: bool,
    pub(crate) consent_screen_enabled: bool,
    pub(crate) dynamically_registered: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Document for OauthApplication {
    const KIND: &'static str = "oauth_application";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.client_id)
    }
}

impl OauthApplication {
    pub(crate) const MAX_NAME_LENGTH: usize = 256;

    pub(crate) fn new(name: String, scopes: Vec<String>, now: i64) -> Self {
        Self {
            id: id::new("oa", now),
            client_id: id::alphanumeric::<16>(),
            client_secret: Self::new_secret(),
            name,
            client_uri: None,
            logo_uri: None,
            image_id: None,
            redirect_uris: Vec::new(),
            scopes,
            public: false,
            pkce_required: false,
            consent_screen_enabled: true,
            dynamically_registered: false,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn new_secret() -> String {
        id::alphanumeric::<32>()
    }

    pub(crate) fn needs_pkce(&self) -> bool {
        self.public || self.pkce_required
    }
}

/// Splits the names of scopes, and returns the first one that does not exist as an error.
pub(crate) fn parse_scopes(text: &str) -> Result<Vec<String>, String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split_ascii_whitespace() {
        if !SCOPES.iter().any(|(known, _)| *known == scope) {
            return Err(scope.to_owned());
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

/// Tells whether browsers may be redirected to an address: an absolute one without a fragment (RFC 6749, 3.1.2), which is
/// not a script.
pub(crate) fn is_redirect_uri(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_allowed = match url.scheme() {
        "http" | "https" => super::is_web(&url),
        scheme => !["javascript", "data", "vbscript", "blob", "file", "about"].contains(&scheme),
    };
    is_allowed && url.fragment().is_none() && text.len() <= MAX_URI_LENGTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_uris_are_absolute_and_not_scripts() {
        for good in [
            "https://app.example/callback?a=b",
            "http://127.0.0.1:3000/",
            "cursor://anysphere.cursor-retrieval/oauth",
            "com.example.app:/callback",
        ] {
            assert!(is_redirect_uri(good), "{good}");
        }
        for bad in [
            "",
            "/callback",
            "https://app.example/#fragment",
            "https://me@app.example/",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert!(!is_redirect_uri(bad), "{bad}");
        }
    }

    #[test]
    fn scopes_are_known_and_listed_once() {
        assert_eq!(
            parse_scopes(" email  profile email ").unwrap(),
            ["email", "profile"]
        );
        assert_eq!(parse_scopes("email admin"), Err("admin".to_owned()));
    }
}
