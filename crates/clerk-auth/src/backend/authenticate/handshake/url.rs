//! The URL of the Frontend API's handshake endpoint.

use url::Url;

use crate::backend::{
    api::API_VERSION,
    reason::Reason,
    request::{Context, HandshakeKind, url_query},
};

/// The URL that starts a handshake. `None` if the Frontend API is not a valid host or URL.
pub(crate) fn handshake_url(context: &Context<'_>, reason: &Reason) -> Option<Url> {
    let mut url = base(&context.frontend_api)?;
    let mut return_to = context.clerk_url.clone();
    url_query::remove(&mut return_to, &["__clerk_db_jwt", "__dev_session"]);
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("redirect_url", return_to.as_str())
            .append_pair("__clerk_api_version", API_VERSION)
            .append_pair("suffixed_cookies", &context.uses_suffixed_cookies.to_string())
            .append_pair("__clerk_hs_reason", &reason.to_string())
            .append_pair("format", "nonce");
        if let Some(token) = context.session_token() {
            query.append_pair("__session", token);
        }
        if let Some(token) = context
            .dev_browser_token
            .as_deref()
            .filter(|_| context.is_development())
        {
            query.append_pair("__clerk_db_jwt", token);
        }
        if let Some(target) = context
            .configuration
            .organizations
            .target(context.clerk_url.path())
        {
            query.append_pair("organization_id", target.organization_id());
        }
    }
    Some(url)
}

/// The URL of the request without the results of handshakes.
pub(crate) fn without_result(context: &Context<'_>) -> Url {
    let mut url = context.clerk_url.clone();
    url_query::remove(
        &mut url,
        &[HandshakeKind::Nonce.name(), HandshakeKind::Token.name()],
    );
    url
}

fn base(frontend_api: &str) -> Option<Url> {
    let scheme = if frontend_api.starts_with("http") {
        ""
    } else {
        "https://"
    };
    let base = format!("{scheme}{}/", frontend_api.trim_end_matches('/'));
    Url::parse(&base).ok()?.join("v1/client/handshake").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoint_is_below_the_host_or_proxy_url() {
        let cases = [
            ("clerk.test", "https://clerk.test/v1/client/handshake"),
            (
                "https://a.test/__clerk",
                "https://a.test/__clerk/v1/client/handshake",
            ),
            (
                "http://a.test:5001/__clerk//",
                "http://a.test:5001/__clerk/v1/client/handshake",
            ),
        ];
        for (frontend_api, url) in cases {
            assert_eq!(base(frontend_api).unwrap().as_str(), url);
        }
    }
}
