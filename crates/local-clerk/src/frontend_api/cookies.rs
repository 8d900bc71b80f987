//! The cookies of an instance, under their plain names and with the publishable key's suffix.

use cookie::{
    Cookie, CookieBuilder, SameSite,
    time::{Duration, OffsetDateTime},
};

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

const YEAR: Duration = Duration::days(365);
/// How long a production instance keeps the result of a handshake in a cookie.
pub(crate) const HANDSHAKE: Duration = Duration::minutes(1);

/// Adds the cookies that every reply of a production instance carries: `__client`, which identifies the browser to
/// the Frontend API, and `__client_uat`, by which the app's server notices a change.
pub(crate) fn with_client_cookies(call: &Call<'_>, reply: Reply) -> Result<Reply, Error> {
    if call.keys.instance == Instance::Development {
        return Ok(reply);
    }
    let mut cookies = Vec::new();
    if let Some(token) = &call.client_cookie {
        cookies.push(match token.as_str() {
            "" => expired(call, CLIENT_COOKIE),
            token => http_only(call, CLIENT_COOKIE, token, YEAR),
        });
    }
    let client = call.client()?;
    cookies.extend(client_uat_cookies(call, client.as_ref())?);
    Ok(reply.with_cookies(&cookies))
}

/// `__client_uat`: when the client's sessions last changed, in seconds, or 0 if it has none.
pub(crate) fn client_uat_cookies(call: &Call<'_>, client: Option<&Client>) -> Result<[String; 2], Error> {
    let uat = match client {
        Some(client) if !call.sessions_of(client)?.is_empty() => client.updated_at / 1000,
        _ => 0,
    };
    Ok(plain_and_suffixed(call, "__client_uat", &uat.to_string(), YEAR))
}

/// `__session` with the session's token, and `__refresh`, with which the app's server refreshes it.
pub(crate) fn session_cookies(call: &Call<'_>, session: &Session, azp: &str) -> Result<Vec<String>, Error> {
    let token = call.session_token(session, azp)?;
    let mut cookies = plain_and_suffixed(call, "__session", &token, YEAR).to_vec();
    cookies.push(http_only(call, &refresh_name(call), &session.refresh_token, YEAR));
    Ok(cookies)
}

/// Removes the cookies of a session.
pub(crate) fn no_session_cookies(call: &Call<'_>) -> Vec<String> {
    let mut cookies = plain_and_suffixed(call, "__session", "", Duration::ZERO).to_vec();
    cookies.push(expired(call, &refresh_name(call)));
    cookies
}

/// The development instance's browser token.
pub(crate) fn dev_browser_cookies(call: &Call<'_>, token: &str) -> [String; 2] {
    plain_and_suffixed(call, "__clerk_db_jwt", token, YEAR)
}

/// Removes a cookie that scripts cannot read.
pub(crate) fn expired(call: &Call<'_>, name: &str) -> String {
    http_only(call, name, "", Duration::ZERO)
}

/// A cookie that scripts cannot read.
pub(crate) fn http_only(call: &Call<'_>, name: &str, value: &str, age: Duration) -> String {
    set_cookie(call, cookie(name, value, age).http_only(true))
}

/// One cookie under its plain and its suffixed name; removed if `age` is zero.
fn plain_and_suffixed(call: &Call<'_>, name: &str, value: &str, age: Duration) -> [String; 2] {
    let suffixed = format!("{name}_{}", call.keys.cookie_suffix);
    [name, &suffixed].map(|name| set_cookie(call, cookie(name, value, age)))
}

fn refresh_name(call: &Call<'_>) -> String {
    format!("__refresh_{}", call.keys.cookie_suffix)
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
fn set_cookie(call: &Call<'_>, cookie: CookieBuilder<'static>) -> String {
    cookie
        .path("/")
        .same_site(SameSite::Lax)
        .secure(call.url.is_https())
        .build()
        .to_string()
}
