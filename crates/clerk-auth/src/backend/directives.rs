//! `Set-Cookie` directives that the Backend API hands over.

use http::{HeaderMap, header::SET_COOKIE};

use super::state::header_value;

/// Appends each directive as it is and returns the session token among them: the value of the last one
/// whose name starts with `__session`. A directive that is not legal in a header is left out.
pub(super) fn append(directives: &[String], headers: &mut HeaderMap) -> Option<String> {
    let mut session_token = None;
    for directive in directives {
        if let Some(value) = header_value(directive) {
            headers.append(SET_COOKIE, value);
        }
        let pair = directive.split(';').next().unwrap_or_default();
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

    fn token(directives: &[&str]) -> (Option<String>, usize) {
        let directives: Vec<String> = directives.iter().map(|&text| text.to_owned()).collect();
        let mut headers = HeaderMap::new();
        let token = append(&directives, &mut headers);
        (token, headers.get_all(SET_COOKIE).iter().count())
    }

    #[test]
    fn the_last_session_directive_counts() {
        assert_eq!(token(&["__session=a; Path=/", "x=y"]), (Some("a".to_owned()), 2));
        assert_eq!(
            token(&["__session=a", "__session_x=b=c"]),
            (Some("b".to_owned()), 2)
        );
        assert_eq!(token(&["__session=a", "__session_x=; Max-Age=0"]), (None, 2));
        assert_eq!(token(&["x=y"]), (None, 1));
    }

    #[test]
    fn illegal_directives_are_left_out() {
        assert_eq!(token(&["a=b\r\nset-cookie: evil=1", "c=d"]), (None, 1));
    }
}
