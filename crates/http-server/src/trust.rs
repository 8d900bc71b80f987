//! What is believed of a request's headers: those of a reverse proxy only if it is trusted, and the host only if it is one
//! of the app's.

mod forwarded;
mod host;

pub use self::host::AllowedHost;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Once,
};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderValue, header},
};
use ipnet::IpNet;

use crate::Client;

use self::host::parse_host;

/// The proxies and hosts to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustConfig {
    /// The networks of the reverse proxies whose forwarded headers are believed.
    pub proxies: Vec<IpNet>,
    /// The hosts for which requests are answered.
    pub hosts: Vec<AllowedHost>,
}

/// Decides what to believe of requests.
#[derive(Debug)]
pub struct Trust {
    config: TrustConfig,
    untrusted_proxy: Once,
}

impl Trust {
    /// Decides by these proxies and hosts.
    #[must_use]
    pub const fn new(config: TrustConfig) -> Self {
        Self {
            config,
            untrusted_proxy: Once::new(),
        }
    }

    /// Leaves only headers that are believed, which are those of a trusted proxy about its client, and returns the client.
    /// `X-Forwarded-For` is then the client's address, if that is known.
    pub fn clean(&self, request: &mut Request) -> Client {
        let client = self.clean_forwarded_headers(request);
        if let Client::Address(address) = client
            && let Ok(address) = HeaderValue::try_from(address.to_string())
        {
            request.headers_mut().insert(forwarded::X_FORWARDED_FOR, address);
        }
        add_host(request);
        client
    }

    /// A request without a peer has no trusted one.
    fn clean_forwarded_headers(&self, request: &mut Request) -> Client {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        // A socket that listens on IPv6 reports IPv4 peers as `::ffff:192.0.2.1`.
        let peer = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical());
        let headers = request.headers_mut();
        let Some(peer) = peer else {
            forwarded::remove(headers);
            return Client::Unknown;
        };
        if self.is_trusted(peer) {
            let address = forwarded::normalize(headers, |hop| self.is_trusted(hop));
            return address.map_or(Client::Behind(peer), Client::Address);
        }
        let is_proxy = is_private(peer) && headers.contains_key(forwarded::X_FORWARDED_FOR);
        forwarded::remove(headers);
        if !is_proxy {
            return Client::Address(peer);
        }
        self.untrusted_proxy.call_once(|| {
            tracing::warn!(
                "the forwarded headers of {peer} are ignored; if it is your reverse proxy, add it to TRUSTED_PROXIES"
            );
        });
        Client::Behind(peer)
    }

    fn is_trusted(&self, address: IpAddr) -> bool {
        self.config
            .proxies
            .iter()
            .any(|network| network.contains(&address))
    }

    /// Whether a cleaned request is for an allowed host, by every host that its public URL may be derived from. Pages and
    /// redirects would otherwise repeat the host of somebody else as their own.
    pub fn allows_host_of(&self, request: &Request) -> bool {
        if self.config.hosts.contains(&AllowedHost::Any) {
            return true;
        }
        if let Some(host) = forwarded::host(request.headers()) {
            return self.allows(host);
        }
        let authority = request.uri().authority().map(|authority| authority.as_str());
        let mut hosts = request.headers().get_all(header::HOST).iter().peekable();
        if authority.is_none() && hosts.peek().is_none() {
            // What `clerk_auth` assumes.
            return self.allows("localhost");
        }
        authority.is_none_or(|host| self.allows(host))
            && hosts.all(|host| host.to_str().is_ok_and(|host| self.allows(host)))
    }

    fn allows(&self, authority: &str) -> bool {
        parse_host(authority)
            .is_some_and(|host| self.config.hosts.iter().any(|allowed| allowed.matches(&host)))
    }
}

/// Adds the `Host` that HTTP/2 requests have as their authority: `clerk_auth` applies a forwarded protocol only to that.
fn add_host(request: &mut Request) {
    if let Some(authority) = request.uri().authority()
        && !request.headers().contains_key(header::HOST)
        && let Ok(host) = HeaderValue::try_from(authority.as_str())
    {
        request.headers_mut().insert(header::HOST, host);
    }
}

/// Whether a reverse proxy is likely to have this address.
fn is_private(peer: IpAddr) -> bool {
    match peer {
        IpAddr::V4(peer) => peer.is_private() || peer.is_loopback() || peer.is_link_local(),
        IpAddr::V6(peer) => peer.is_unique_local() || peer.is_loopback() || peer.is_unicast_link_local(),
    }
}
