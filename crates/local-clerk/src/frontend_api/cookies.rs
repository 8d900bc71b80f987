//! The cookies of an instance, plain and with the publishable key's suffix.

use super::{
    super::{
        call::Call,
        errors::Error,
        keys::Instance,
        model::{Client, Session},
        reply::Reply,
    },
    browser::CLIENT_COOKIE,
};

/// Seconds.
const YEAR: i64 = 365 * 24 * 60 * 60;
const EXPIRED: &str = "Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";

/// What every answer of a production instance carries: who the browser is (readable by the Frontend
/// API only), and since when, so that the app's server notices a change.
pub(in super::super) fn with_client_cookies(call: &Call<'_>, reply: Reply) -> Result<Reply, Error> {
    if call.keys.instance == Instance::Development {
        return Ok(reply);
    }
    let mut cookies = Vec::new();
    if let Some(token) = &call.client_cookie {
        let age = if token.is_empty() {
            EXPIRED.to_owned()
        } else {
            format!("Max-Age={YEAR}")
        };
        let attributes = attributes(call);
        cookies.push(format!("{CLIENT_COOKIE}={token}; {age}; HttpOnly; {attributes}"));
    }
    let client = call.client()?;
    cookies.extend(client_uat_cookies(call, client.as_ref())?);
    Ok(reply.with_cookies(&cookies))
}

/// `__client_uat`: when the client's sessions last changed, or 0 if it has none.
pub(in super::super) fn client_uat_cookies(
    call: &Call<'_>,
    client: Option<&Client>,
) -> Result<[String; 2], Error> {
    let uat = match client {
        Some(client) if !call.sessions_of(client)?.is_empty() => client.updated_at / 1000,
        _ => 0,
    };
    Ok(both(
        call,
        "__client_uat",
        &uat.to_string(),
        &format!("Max-Age={YEAR}"),
    ))
}

/// A session's token, and what the app's server refreshes it with.
pub(in super::super) fn session_cookies(
    call: &Call<'_>,
    session: &Session,
    azp: &str,
) -> Result<Vec<String>, Error> {
    let token = call.session_token(session, azp)?;
    let mut cookies = both(call, "__session", &token, &format!("Max-Age={YEAR}")).to_vec();
    cookies.push(format!(
        "__refresh_{}={}; Max-Age={YEAR}; HttpOnly; {}",
        call.keys.cookie_suffix,
        session.refresh_token,
        attributes(call)
    ));
    Ok(cookies)
}

/// The end of a session.
pub(in super::super) fn no_session_cookies(call: &Call<'_>) -> Vec<String> {
    let mut cookies = both(call, "__session", "", EXPIRED).to_vec();
    cookies.push(expired(call, &format!("__refresh_{}", call.keys.cookie_suffix)));
    cookies
}

/// The end of a cookie that scripts cannot read.
pub(super) fn expired(call: &Call<'_>, name: &str) -> String {
    format!("{name}=; {EXPIRED}; HttpOnly; {}", attributes(call))
}

/// One cookie under both its names.
pub(in super::super) fn both(call: &Call<'_>, name: &str, value: &str, age: &str) -> [String; 2] {
    let (attributes, suffix) = (attributes(call), &call.keys.cookie_suffix);
    [
        format!("{name}={value}; {age}; {attributes}"),
        format!("{name}_{suffix}={value}; {age}; {attributes}"),
    ]
}

pub(in super::super) fn attributes(call: &Call<'_>) -> &'static str {
    if call.url.is_https() {
        "Path=/; SameSite=Lax; Secure"
    } else {
        "Path=/; SameSite=Lax"
    }
}

/// The dev browser, for a year.
pub(in super::super) fn dev_browser_cookies(call: &Call<'_>, token: &str) -> [String; 2] {
    both(call, "__clerk_db_jwt", token, &format!("Max-Age={YEAR}"))
}
