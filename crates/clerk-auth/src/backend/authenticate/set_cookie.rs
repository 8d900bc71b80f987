//! `Set-Cookie` values returned by the Backend API.

use http::{HeaderMap, header::SET_COOKIE};

use crate::backend::header_value::header_value;

/// Appends each value unchanged and returns the session token among them: that of the last cookie whose name
/// starts with `__session`. A value that is not allowed in a header is left out.
pub(crate) fn append(set_cookies: &[String], headers: &mut HeaderMap) -> Option<String> {
    let mut session_token = None;
    for set_cookie in set_cookies {
        if let Some(value) = header_value(set_cookie) {
            headers.append(SET_COOKIE, value);
        }
        let pair = set_cookie.split(';').next().unwrap_or_default();
        let mut pieces = pair.split('=');
        if pieces.next().unwrap_or_default().starts_with("__session") {
            session_token = pieces.next().map(str::to_owned);
        }
    }
    session_token.filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(set_cookies: &[&str]) -> (Option<String>, usize) {
        let set_cookies: Vec<String> = set_cookies.iter().map(|&text| text.to_owned()).collect();
        let mut headers = HeaderMap::new();
        let token = append(&set_cookies, &mut headers);
        (token, headers.get_all(SET_COOKIE).iter().count())
    }

    #[test]
    fn the_last_session_cookie_is_used() {
        assert_eq!(token(&["__session=a; Path=/", "x=y"]), (Some("a".to_owned()), 2));
        assert_eq!(
            token(&["__session=a", "__session_x=b=c"]),
            (Some("b".to_owned()), 2)
        );
        assert_eq!(token(&["__session=a", "__session_x=; Max-Age=0"]), (None, 2));
        assert_eq!(token(&["x=y"]), (None, 1));
    }

    #[test]
    fn values_not_allowed_in_a_header_are_left_out() {
        assert_eq!(token(&["a=b\r\nset-cookie: evil=1", "c=d"]), (None, 1));
    }
}
