//! Who sent a request.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// Who sent a request, as far as the server can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// The owner of this address: the peer of the connection, or what a trusted proxy says.
    Address(IpAddr),
    /// One of many behind the reverse proxy with this address, which does not say whom it forwards, or is not trusted.
    Behind(IpAddr),
    /// The request did not come through a connection.
    Unknown,
}

impl Client {
    /// Returns by what to limit the client: its address, or of an IPv6 address the network of 64 bits, because one
    /// customer of a provider has at least that many addresses. `None` if the limit would hit others.
    ///
    /// ```
    /// use http_server::Client;
    ///
    /// let client = Client::Address("2001:db8::1".parse()?);
    /// assert_eq!(client.network(), Some("2001:db8::".parse()?));
    /// assert_eq!(Client::Behind("10.0.0.1".parse()?).network(), None);
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    #[must_use]
    pub const fn network(self) -> Option<IpAddr> {
        match self {
            Self::Address(IpAddr::V6(address)) => {
                let network = address.to_bits() >> 64 << 64;
                Some(IpAddr::V6(Ipv6Addr::from_bits(network)))
            }
            Self::Address(address) => Some(address),
            Self::Behind(_) | Self::Unknown => None,
        }
    }
}

/// The address, which is that of the proxy if the client is not known.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) | Self::Behind(address) => address.fmt(f),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}
