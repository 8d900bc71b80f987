//! The cookies of an instance, plain and with the publishable key's suffix.

use crate::{
    domain::Context,
    error::Error,
    model::{Client, Session},
    view,
};

use super::Reply;

/// The cookie that identifies the client of a production instance.
pub(crate) const CLIENT_COOKIE: &str = "__client";
/// The cookie and the parameter that identify the dev browser of a development instance.
pub(crate) const DEV_BROWSER: &str = "__clerk_db_jwt";

/// Seconds.
const YEAR: i64 = 365 * 24 * 60 * 60;
const EXPIRED: &str = "Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";

/// What every answer of a production instance carries: who the browser is (readable by the Frontend
/// API only), and since when, so that the app's server notices a change.
pub(crate) fn with_client_cookies(
    cx: &Context<'_>,
    client: Option<&Client>,
    reply: Reply,
) -> Result<Reply, Error> {
    let mut cookies = Vec::new();
    if let Some(token) = &cx.client_token {
        let age = if token.is_empty() {
            EXPIRED.to_owned()
        } else {
            format!("Max-Age={YEAR}")
        };
        let attributes = attributes(cx);
        cookies.push(format!("{CLIENT_COOKIE}={token}; {age}; HttpOnly; {attributes}"));
    }
    cookies.extend(client_uat_cookies(cx, client)?);
    Ok(reply.with_cookies(&cookies))
}

/// `__client_uat`: when the client's sessions last changed, or 0 if it has none.
pub(crate) fn client_uat_cookies(cx: &Context<'_>, client: Option<&Client>) -> Result<[String; 2], Error> {
    let uat = match client {
        Some(client) if !cx.sessions_of(client)?.is_empty() => client.updated_at / 1000,
        _ => 0,
    };
    Ok(both(
        cx,
        "__client_uat",
        &uat.to_string(),
        &format!("Max-Age={YEAR}"),
    ))
}

/// A session's token, and what the app's server refreshes it with.
pub(crate) fn session_cookies(cx: &Context<'_>, session: &Session, azp: &str) -> Result<Vec<String>, Error> {
    let token = view::session_token(cx, session, azp)?;
    let mut cookies = both(cx, "__session", &token, &format!("Max-Age={YEAR}")).to_vec();
    cookies.push(format!(
        "__refresh_{}={}; Max-Age={YEAR}; HttpOnly; {}",
        cx.keys.cookie_suffix,
        session.refresh_token,
        attributes(cx)
    ));
    Ok(cookies)
}

/// The end of a session.
pub(crate) fn no_session_cookies(cx: &Context<'_>) -> Vec<String> {
    let mut cookies = both(cx, "__session", "", EXPIRED).to_vec();
    cookies.push(expired(cx, &format!("__refresh_{}", cx.keys.cookie_suffix)));
    cookies
}

/// The end of a cookie that scripts cannot read.
pub(crate) fn expired(cx: &Context<'_>, name: &str) -> String {
    format!("{name}=; {EXPIRED}; HttpOnly; {}", attributes(cx))
}

/// One cookie under both its names.
pub(crate) fn both(cx: &Context<'_>, name: &str, value: &str, age: &str) -> [String; 2] {
    let (attributes, suffix) = (attributes(cx), &cx.keys.cookie_suffix);
    [
        format!("{name}={value}; {age}; {attributes}"),
        format!("{name}_{suffix}={value}; {age}; {attributes}"),
    ]
}

pub(crate) fn attributes(cx: &Context<'_>) -> &'static str {
    if cx.url.is_https() {
        "Path=/; SameSite=Lax; Secure"
    } else {
        "Path=/; SameSite=Lax"
    }
}

/// The dev browser, for a year.
pub(crate) fn dev_browser_cookies(cx: &Context<'_>, token: &str) -> [String; 2] {
    both(cx, DEV_BROWSER, token, &format!("Max-Age={YEAR}"))
}
