//! Which reverse proxies are believed, and for which hosts requests are answered.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum_clerk::clerk_auth::is_loopback;
use http_server::{AllowedHost, TrustConfig};
use ipnet::IpNet;
use url::{Host, Url};

use super::Reader;

/// Reads `TRUSTED_PROXIES`, by default loopback addresses, and `ALLOWED_HOSTS`, by default the host of the app's URL, with every
/// loopback host if it is one.
pub fn read_trust(reader: &mut Reader<'_>, app_url: &Url) -> TrustConfig {
    let proxies = "addresses or networks such as 10.0.0.0/8, fd00::/8, separated by commas";
    let proxies = reader.parse_with("TRUSTED_PROXIES", proxies, |text| parse_list(text, parse_network));
    let hosts = "hosts without scheme and port such as app.example, *.app.example, [::1], separated by commas, or `*`";
    let hosts = reader.parse_with("ALLOWED_HOSTS", hosts, |text| {
        parse_list(text, AllowedHost::parse)
    });
    TrustConfig {
        proxies: proxies.unwrap_or_else(loopback),
        hosts: hosts.unwrap_or_else(|| default_hosts(app_url)),
    }
}

/// Parses a host without a wildcard, which would be valid in a URL.
pub(super) fn parse_host(text: &str) -> Option<Host> {
    Host::parse(text)
        .ok()
        .filter(|host| !matches!(host, Host::Domain(name) if name.contains('*')))
}

pub(super) fn parse_list<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split(',').map(|item| parse(item.trim())).collect()
}

fn parse_network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(address)
}

fn loopback() -> Vec<IpNet> {
    vec![
        IpNet::new_assert(IpAddr::V4(Ipv4Addr::LOCALHOST), 8),
        IpNet::from(IpAddr::V6(Ipv6Addr::LOCALHOST)),
    ]
}

fn default_hosts(app_url: &Url) -> Vec<AllowedHost> {
    let own = app_url.host().map(|host| AllowedHost::Exactly(host.to_owned()));
    let mut hosts: Vec<_> = own.into_iter().collect();
    if is_loopback(app_url) {
        let localhost = "localhost".to_owned();
        hosts.extend([
            AllowedHost::SubdomainsOf(format!(".{localhost}")),
            AllowedHost::Exactly(Host::Domain(localhost)),
            AllowedHost::Exactly(Host::Ipv4(Ipv4Addr::LOCALHOST)),
            AllowedHost::Exactly(Host::Ipv6(Ipv6Addr::LOCALHOST)),
        ]);
    }
    hosts
}
