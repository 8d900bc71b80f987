//! The hosts for which requests are answered.

use url::Host;

/// A host for which requests are answered, on any port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedHost {
    /// Every host.
    Any,
    /// Every subdomain; the name begins with a dot.
    SubdomainsOf(String),
    /// This host.
    Exactly(Host),
}

impl AllowedHost {
    /// Parses a host without its port, `*.` in front of a domain, or `*`.
    ///
    /// ```
    /// use http_server::AllowedHost;
    ///
    /// assert_eq!(AllowedHost::parse("*"), Some(AllowedHost::Any));
    /// assert!(AllowedHost::parse("*.app.example").is_some());
    /// assert_eq!(AllowedHost::parse("app.example:443"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Any);
        }
        let parent = text.strip_prefix("*.");
        match (parent, Host::parse(parent.unwrap_or(text)).ok()?) {
            // Valid in a URL, but here it would be meant as a wildcard.
            (_, Host::Domain(name)) if name.contains('*') => None,
            (Some(_), Host::Domain(name)) => Some(Self::SubdomainsOf(format!(".{name}"))),
            (Some(_), _) => None,
            (None, host) => Some(Self::Exactly(host)),
        }
    }

    /// Whether requests for this host are answered.
    pub(super) fn matches(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Any, _) => true,
            (Self::SubdomainsOf(parent), Host::Domain(name)) => name.ends_with(parent.as_str()),
            (Self::SubdomainsOf(_), _) => false,
            (Self::Exactly(own), host) => own == host,
        }
    }
}

/// Reads `host` or `host:port`, as a URL parser does. Nothing else may be part of it, such as a user or a path.
pub(super) fn parse_host(authority: &str) -> Option<Host> {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            if !port.is_empty() {
                port.parse::<u16>().ok()?;
            }
            host
        }
        _ => authority,
    };
    Host::parse(host).ok()
}
