//! Network address of a caller, by which the calls of people who are not signed in are counted.

use std::net::{IpAddr, Ipv6Addr, SocketAddrV4};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::app::App;
use crate::problem::{Problem, ProblemType};

/// IP address at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Key under which the calls of one client are counted.
pub(crate) struct ClientIp(String);

impl ClientIp {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromRequestParts<App> for ClientIp {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Some(Peer(peer)) = parts.extensions.get() else { return Err(Problem::new(ProblemType::Internal)) };
        Ok(Self(network(forwarded_for(&parts.headers, app.proxies).unwrap_or(*peer)).to_string()))
    }
}

/// Returns the address that called the outermost of so many proxies. Each adds the address of its own caller at the end of the
/// list; what comes before those may be made up.
fn forwarded_for(headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    // An element of a list may be empty (RFC 9110, section 5.6.1.2).
    let addresses: Vec<&str> =
        lines.flat_map(|line| line.split(',')).map(str::trim).filter(|address| !address.is_empty()).collect();
    let index = addresses.len().checked_sub(proxies)?;
    address(addresses.get(index)?)
}

/// Reads an address as proxies write it: some add the port, put IPv6 between brackets, or all of it between quotes
/// (RFC 7239, section 6). An interface of the proxy's own machine may follow IPv6 (RFC 4007, section 11).
fn address(written: &str) -> Option<IpAddr> {
    let written = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written);
    let without_zone = |address: &str| address.split_once('%').map_or(address, |(address, _)| address).parse().ok();
    if let Some(rest) = written.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        return without_zone(address).filter(|address: &IpAddr| is_port && address.is_ipv6());
    }
    let with_port = || written.parse::<SocketAddrV4>().ok().map(|address| IpAddr::V4(*address.ip()));
    without_zone(written).or_else(with_port)
}

impl Peer {
    /// The network at the other end of the connection.
    pub(crate) fn network(self) -> IpAddr {
        network(self.0)
    }
}

/// Returns the part of an address by which callers are told apart: all of IPv4's, the first 64 bits of IPv6's, which is one
/// network at least (RFC 4291, section 2.5.4). A subscriber may have several of those.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn found(lines: &[&'static str], proxies: usize) -> Option<String> {
        let name = HeaderName::from_static("x-forwarded-for");
        let headers = lines.iter().map(|line| (name.clone(), HeaderValue::from_static(line))).collect();
        forwarded_for(&headers, proxies).map(|address| address.to_string())
    }

    #[test]
    fn only_what_our_own_proxies_say_is_believed() {
        for (lines, proxies, address) in [
            (&["192.0.2.1"][..], 1, Some("192.0.2.1")),
            (&["10.0.0.1, 192.0.2.1"], 1, Some("192.0.2.1")),
            (&["10.0.0.1", "192.0.2.1"], 1, Some("192.0.2.1")),
            (&["10.0.0.1, 192.0.2.1, 198.51.100.1"], 2, Some("192.0.2.1")),
            (&["2001:db8::1"], 1, Some("2001:db8::1")),
            (&["192.0.2.1"], 0, None),
            (&["192.0.2.1"], 2, None),
            (&["192.0.2.1, unknown"], 1, None),
            (&["192.0.2.1,"], 1, Some("192.0.2.1")),
            (&["", "192.0.2.1"], 1, Some("192.0.2.1")),
            (&[], 1, None),
        ] {
            assert_eq!(found(lines, proxies).as_deref(), address, "{lines:?} behind {proxies}");
        }
    }

    #[test]
    fn an_address_is_read_as_proxies_write_it() {
        for (written, address) in [
            ("192.0.2.1:4711", Some("192.0.2.1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("[::ffff:192.0.2.1]:443", Some("::ffff:192.0.2.1")),
            ("\"[2001:db8::1]:443\"", Some("2001:db8::1")),
            ("\"192.0.2.1:80\"", Some("192.0.2.1")),
            ("fe80::1%eth0", Some("fe80::1")),
            ("[fe80::1%25eth0]:443", Some("fe80::1")),
            ("192.0.2.1:", None),
            ("192.0.2.1:65536", None),
            ("[192.0.2.1]", None),
            ("[2001:db8::1", None),
            ("[2001:db8::1]443", None),
            ("[2001:db8::1]:https", None),
            ("192.0.2", None),
            ("portail.example", None),
            ("_secret", None),
            ("\"", None),
        ] {
            assert_eq!(found(&[written], 1).as_deref(), address, "{written}");
        }
    }

    #[test]
    fn one_subscriber_is_one_caller() {
        for (address, network_) in
            [("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
        {
            assert_eq!(network(address.parse().unwrap()).to_string(), network_);
        }
    }
}
