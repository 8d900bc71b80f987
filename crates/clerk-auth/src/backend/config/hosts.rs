//! Hosts derived from an instance's Frontend API host.

use url::Url;

/// Host suffixes of legacy development instances, whose hosts start with `clerk.`.
const LEGACY_DEVELOPMENT: [&str; 3] = [".lcl.dev", ".lclstage.dev", ".lclclerk.com"];
const CURRENT_DEVELOPMENT: [&str; 3] = [".accounts.dev", ".accountsstage.dev", ".accounts.lclclerk.com"];
/// Host suffixes of Clerk's own local environment.
const LOCAL: [&str; 4] = [
    ".lcl.dev",
    "lclstage.dev",
    ".lclclerk.com",
    ".accounts.lclclerk.com",
];
const STAGING: &str = ".accountsstage.dev";

/// The URL of the Account Portal that belongs to a Frontend API host: `clerk.example.com` has
/// `https://accounts.example.com`, `foo.clerk.accounts.dev` at `https://foo.accounts.dev`.
pub(crate) fn accounts_base_url(frontend_api: &str) -> String {
    let host = frontend_api.replacen("clerk.accountsstage.", "accountsstage.", 1);
    let found = host.find("clerk.");
    let host = match found {
        Some(at) => {
            let rest = &host[at + "clerk.".len()..];
            format!(
                "{}accounts.{}",
                &host[..at],
                rest.strip_prefix("accounts.").unwrap_or(rest)
            )
        }
        None => host,
    };
    format!("https://{host}")
}

/// Whether this is the Account Portal of any development instance.
pub(crate) fn is_development_account_portal(host: &str) -> bool {
    let legacy = host.starts_with("accounts.") && ends_with_any(host, &LEGACY_DEVELOPMENT);
    let current = CURRENT_DEVELOPMENT.iter().any(|suffix| {
        host.strip_suffix(suffix)
            .is_some_and(|name| !name.ends_with(".clerk"))
    });
    legacy || current
}

/// The gateway to which a Frontend API proxy forwards.
pub(crate) fn proxy_gateway(frontend_api: &str) -> Url {
    let gateway = if frontend_api.starts_with("clerk.") && ends_with_any(frontend_api, &LEGACY_DEVELOPMENT) {
        "https://frontend-api.clerk.dev"
    } else if ends_with_any(frontend_api, &LOCAL) {
        "https://frontend-api.lclclerk.com"
    } else if frontend_api.ends_with(STAGING) {
        "https://frontend-api.clerkstage.dev"
    } else {
        "https://frontend-api.clerk.dev"
    };
    #[expect(clippy::expect_used, reason = "the URLs above are constants")]
    Url::parse(gateway).expect("a constant URL")
}

fn ends_with_any(host: &str, suffixes: &[&str]) -> bool {
    suffixes.iter().any(|suffix| host.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_portals() {
        let portals = [
            ("clerk.example.com", "https://accounts.example.com"),
            ("foo-bar-13.clerk.accounts.dev", "https://foo-bar-13.accounts.dev"),
            (
                "foo-bar-13.clerk.accountsstage.dev",
                "https://foo-bar-13.accountsstage.dev",
            ),
            ("clerk.foo-bar-13.lcl.dev", "https://accounts.foo-bar-13.lcl.dev"),
            ("example.com", "https://example.com"),
        ];
        for (frontend_api, portal) in portals {
            assert_eq!(accounts_base_url(frontend_api), portal);
        }
    }

    #[test]
    fn development_portals_are_distinguished_from_frontend_apis() {
        assert!(is_development_account_portal("foo-bar-13.accounts.dev"));
        assert!(is_development_account_portal("accounts.foo-bar-13.lcl.dev"));
        assert!(!is_development_account_portal("foo-bar-13.clerk.accounts.dev"));
        assert!(!is_development_account_portal("accounts.example.com"));
    }

    #[test]
    fn gateways() {
        let gateways = [
            ("clerk.example.com", "https://frontend-api.clerk.dev/"),
            ("clerk.foo.lcl.dev", "https://frontend-api.clerk.dev/"),
            (
                "foo.clerk.accounts.lclclerk.com",
                "https://frontend-api.lclclerk.com/",
            ),
            (
                "foo.clerk.accountsstage.dev",
                "https://frontend-api.clerkstage.dev/",
            ),
        ];
        for (frontend_api, gateway) in gateways {
            assert_eq!(proxy_gateway(frontend_api).as_str(), gateway);
        }
    }
}
