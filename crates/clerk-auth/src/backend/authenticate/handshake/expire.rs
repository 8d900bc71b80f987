//! Deleting the cookie of a handshake whose result cannot be used.

use std::iter;

use http::HeaderValue;
use url::Url;

use crate::backend::header_value::header_value;

/// The number of domains for which a cookie is deleted, from the host upwards.
const MAX_DOMAINS: usize = 5;

/// The `Set-Cookie` values that delete a cookie of the host and of the domains above it: only the Frontend API knows for
/// which it was set. Browsers ignore domains such as `com`.
pub(crate) fn expire(name: &str, url: &Url) -> impl Iterator<Item = HeaderValue> {
    let secure = if url.scheme() == "https" { "; Secure" } else { "" };
    // `None` for an IP address.
    let host = url.domain().map(|host| host.trim_end_matches('.'));
    let domains = iter::successors(host, |domain| domain.split_once('.').map(|(_, parent)| parent))
        .take_while(|domain| domain.contains('.'))
        .take(MAX_DOMAINS)
        .map(|domain| format!("; Domain={domain}"));
    iter::once(String::new())
        .chain(domains)
        .filter_map(move |domain| {
            let cookie = format!("{name}=; Path=/{domain}; Max-Age=0; HttpOnly; SameSite=Lax{secure}");
            header_value(&cookie)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expired(url: &str) -> Vec<String> {
        let url = Url::parse(url).unwrap();
        expire("n", &url)
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_host_and_the_domains_above_it() {
        let rest = "Max-Age=0; HttpOnly; SameSite=Lax";
        assert_eq!(
            expired("https://app.example.com:8443/x"),
            [
                format!("n=; Path=/; {rest}; Secure"),
                format!("n=; Path=/; Domain=app.example.com; {rest}; Secure"),
                format!("n=; Path=/; Domain=example.com; {rest}; Secure"),
            ]
        );
        for host in ["localhost:5001", "127.0.0.1", "[::1]:5001"] {
            assert_eq!(
                expired(&format!("http://{host}/")),
                [format!("n=; Path=/; {rest}")],
                "{host}"
            );
        }
    }

    #[test]
    fn a_long_name_does_not_make_a_long_response() {
        let host = "a.".repeat(100);
        assert_eq!(expired(&format!("http://{host}com./")).len(), 1 + MAX_DOMAINS);
    }
}
