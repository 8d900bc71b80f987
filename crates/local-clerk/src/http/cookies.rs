//! The cookies of an instance, under their plain names and with the publishable key's suffix.

use cookie::{
    Cookie, CookieBuilder, SameSite,
    time::{Duration, OffsetDateTime},
};

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

const YEAR: Duration = Duration::days(365);
/// How long a production instance keeps the result of a handshake in a cookie.
pub(crate) const HANDSHAKE: Duration = Duration::minutes(1);

/// Adds the cookies that every reply of a production instance carries: `__client`, which identifies the browser to
/// the Frontend API, and `__client_uat`, by which the app's server notices a change.
pub(crate) fn with_client_cookies(
    cx: &Context<'_>,
    client: Option<&Client>,
    reply: Reply,
) -> Result<Reply, Error> {
    let mut cookies = Vec::new();
    if let Some(token) = &cx.client_token {
        cookies.push(match token.as_str() {
            "" => expired(cx, CLIENT_COOKIE),
            token => http_only(cx, CLIENT_COOKIE, token, YEAR),
        });
    }
    cookies.extend(client_uat_cookies(cx, client)?);
    Ok(reply.with_cookies(&cookies))
}

/// `__client_uat`: when the client's sessions last changed, in seconds, or 0 if it has none.
pub(crate) fn client_uat_cookies(cx: &Context<'_>, client: Option<&Client>) -> Result<[String; 2], Error> {
    let uat = match client {
        Some(client) if !cx.sessions_of(client)?.is_empty() => client.updated_at / 1000,
        _ => 0,
    };
    Ok(plain_and_suffixed(cx, "__client_uat", &uat.to_string(), YEAR))
}

/// `__session` with the session's token, and `__refresh`, with which the app's server refreshes it.
pub(crate) fn session_cookies(cx: &Context<'_>, session: &Session, azp: &str) -> Result<Vec<String>, Error> {
    let token = view::session_token(cx, session, Some(azp))?;
    let mut cookies = plain_and_suffixed(cx, "__session", &token, YEAR).to_vec();
    cookies.push(http_only(cx, &refresh_name(cx), &session.refresh_token, YEAR));
    Ok(cookies)
}

/// Removes the cookies of a session.
pub(crate) fn no_session_cookies(cx: &Context<'_>) -> Vec<String> {
    let mut cookies = plain_and_suffixed(cx, "__session", "", Duration::ZERO).to_vec();
    cookies.push(expired(cx, &refresh_name(cx)));
    cookies
}

/// The development instance's browser token.
pub(crate) fn dev_browser_cookies(cx: &Context<'_>, token: &str) -> [String; 2] {
    plain_and_suffixed(cx, DEV_BROWSER, token, YEAR)
}

/// Removes a cookie that scripts cannot read.
pub(crate) fn expired(cx: &Context<'_>, name: &str) -> String {
    http_only(cx, name, "", Duration::ZERO)
}

/// A cookie that scripts cannot read.
pub(crate) fn http_only(cx: &Context<'_>, name: &str, value: &str, age: Duration) -> String {
    set_cookie(cx, cookie(name, value, age).http_only(true))
}

/// One cookie under its plain and its suffixed name; removed if `age` is zero.
fn plain_and_suffixed(cx: &Context<'_>, name: &str, value: &str, age: Duration) -> [String; 2] {
    let suffixed = format!("{name}_{}", cx.keys.cookie_suffix);
    [name, &suffixed].map(|name| set_cookie(cx, cookie(name, value, age)))
}

fn refresh_name(cx: &Context<'_>) -> String {
    format!("__refresh_{}", cx.keys.cookie_suffix)
}

fn cookie(name: &str, value: &str, age: Duration) -> CookieBuilder<'static> {
    let cookie = Cookie::build((name.to_owned(), value.to_owned())).max_age(age);
    if age.is_zero() {
        cookie.expires(OffsetDateTime::UNIX_EPOCH)
    } else {
        cookie
    }
}

/// The value of the `Set-Cookie` header.
fn set_cookie(cx: &Context<'_>, cookie: CookieBuilder<'static>) -> String {
    cookie
        .path("/")
        .same_site(SameSite::Lax)
        .secure(cx.url.is_https())
        .build()
        .to_string()
}
