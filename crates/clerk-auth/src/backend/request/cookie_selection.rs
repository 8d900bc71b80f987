//! The choice between cookies with this instance's suffix and cookies without a suffix.
//!
//! Clerk sets each of its cookies twice: `__session` for old clients, and `__session_<suffix>` so that
//! several instances can share a domain. The choice applies to all cookies of a request. It reads tokens
//! without verifying them.

use super::cookies::Cookies;
use crate::backend::{
    config::Configuration,
    javascript::{is_greater, is_truthy, to_number},
    token::Jwt,
};

/// The name of a cookie with the instance's suffix.
pub(crate) fn suffixed(name: &str, suffix: &str) -> String {
    format!("{name}_{suffix}")
}

/// Whether to use the cookies with a suffix. The first rule that applies decides. `now` is in milliseconds.
pub(crate) fn uses_suffixed_cookies(cookies: &Cookies<'_>, configuration: &Configuration, now: i64) -> bool {
    let with_suffix = |name| cookies.get(&suffixed(name, &configuration.cookie_suffix));
    let suffixed_uat = with_suffix("__client_uat");
    let uat = cookies.get("__client_uat");
    let session = cookies.get("__session").map(|token| Jwt::decode(token).ok());
    let suffixed_session = with_suffix("__session");
    let suffixed_jwt = suffixed_session.and_then(|token| Jwt::decode(token).ok());

    if let Some(session) = &session {
        // A token without an issuer is malformed: better signed out than a handshake.
        let Some(jwt) = session.as_ref().filter(|jwt| is_truthy(jwt.claims.get("iss"))) else {
            return false;
        };
        if !belongs_to(jwt, configuration) {
            return true;
        }
    }
    if suffixed_uat.is_none() && suffixed_session.is_none() {
        return false;
    }
    let is_newer = is_newer(session.as_ref().and_then(Option::as_ref), suffixed_jwt.as_ref());
    if suffixed_uat != Some("0") && uat != Some("0") && is_newer {
        return false;
    }
    // Old and new clients set the cookie without a suffix, so it is at least as recent.
    if suffixed_uat == Some("0") && uat != Some("0") {
        return false;
    }
    // In development clerk-js sets the suffixed cookie, which becomes stale after a downgrade.
    let is_expired = || {
        suffixed_jwt
            .as_ref()
            .is_some_and(|jwt| to_number(jwt.claims.get("exp")) <= now.div_euclid(1000) as f64)
    };
    if configuration.is_development() && suffixed_uat != Some("0") && uat == Some("0") && is_expired() {
        return false;
    }
    // The Frontend API has suffixes disabled for this instance.
    !(suffixed_uat.is_none() && suffixed_session.is_some())
}

/// Whether the first token was issued after the second.
fn is_newer(session: Option<&Jwt<'_>>, suffixed: Option<&Jwt<'_>>) -> bool {
    is_greater(
        session.and_then(|jwt| jwt.claims.get("iat")),
        suffixed.and_then(|jwt| jwt.claims.get("iat")),
    )
}

fn belongs_to(jwt: &Jwt<'_>, configuration: &Configuration) -> bool {
    jwt.claim("iss")
        .is_some_and(|issuer| without_scheme(issuer) == configuration.original_frontend_api())
}

/// Removes every `http://` and `https://`, wherever it occurs.
fn without_scheme(issuer: &str) -> String {
    let mut rest = issuer;
    let mut host = String::new();
    while let Some(at) = rest.find("://") {
        let before = &rest[..at];
        let scheme = ["https", "http"].into_iter().find(|scheme| {
            before.len().checked_sub(scheme.len()).is_some_and(|start| {
                before
                    .get(start..)
                    .is_some_and(|end| end.eq_ignore_ascii_case(scheme))
            })
        });
        match scheme {
            Some(scheme) => host.push_str(&before[..before.len() - scheme.len()]),
            None => host.push_str(&rest[..at + 3]),
        }
        rest = &rest[at + 3..];
    }
    host + rest
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;
    use crate::backend::fixtures::{DEV_KEY, LIVE_KEY, options_with_key};

    #[derive(Debug, Deserialize)]
    struct Vector {
        instance: String,
        session: String,
        suffixed_session: String,
        client_uat: String,
        suffixed_client_uat: String,
        uses_suffixed: bool,
    }

    const NOW: i64 = 1_700_000_000;

    fn token(claims: &Value) -> String {
        format!(
            "{}.{}.c2ln",
            URL_SAFE_NO_PAD.encode("{}"),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        )
    }

    fn session(kind: &str, issuer: &str) -> String {
        let issued = |iss: Value, age: i64, expires: i64| {
            token(&json!({"iss": iss, "iat": NOW - age, "exp": NOW + expires}))
        };
        match kind {
            "none" => String::new(),
            "garbage" => "garbage".to_owned(),
            "no_iss" => token(&json!({"iat": NOW - 30, "exp": NOW + 30})),
            "nonstring_iss" => issued(json!(7), 30, 30),
            "foreign" => issued(json!("https://clerk.other.test"), 30, 30),
            "own_old" => issued(json!(issuer), 300, 30),
            "own_mid" | "valid" => issued(json!(issuer), 30, 30),
            "own_new" => issued(json!(issuer), 0, 60),
            "expired" => issued(json!(issuer), 30, -5),
            other => panic!("unknown kind of session {other}"),
        }
    }

    #[test]
    fn decides_as_the_official_package_on_every_vector() {
        #[derive(Deserialize)]
        struct File {
            vectors: Vec<Vector>,
        }
        let file: File = serde_json::from_str(include_str!("suffixed-cookie-vectors.json")).unwrap();
        assert_eq!(file.vectors.len(), 576);
        for vector in file.vectors {
            let key = if vector.instance == "development" {
                DEV_KEY
            } else {
                LIVE_KEY
            };
            let configuration = Configuration::new(options_with_key(key)).unwrap();
            let issuer = format!("https://{}", configuration.original_frontend_api());
            let uat = |kind: &str| match kind {
                "missing" => "",
                "zero" => "0",
                _ => "100",
            };
            let suffix = &configuration.cookie_suffix;
            let header = format!(
                "__session={}; __session_{suffix}={}; __client_uat={}; __client_uat_{suffix}={}",
                session(&vector.session, &issuer),
                session(&vector.suffixed_session, &issuer),
                uat(&vector.client_uat),
                uat(&vector.suffixed_client_uat),
            );
            let decided = uses_suffixed_cookies(&Cookies::parse(&header), &configuration, NOW * 1000);
            assert_eq!(decided, vector.uses_suffixed, "{vector:?}");
        }
    }

    #[test]
    fn schemes_are_removed_wherever_they_occur() {
        assert_eq!(without_scheme("https://clerk.test"), "clerk.test");
        assert_eq!(without_scheme("HTTP://a.https://b"), "a.b");
        assert_eq!(without_scheme("ftp://a"), "ftp://a");
        assert_eq!(without_scheme("xhttps://a"), "xa");
        assert_eq!(without_scheme("é://ahttp:/"), "é://ahttp:/");
    }
}
