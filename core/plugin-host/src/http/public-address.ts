import ipaddr from 'ipaddr.js';

/** All of IPv6 that is routed worldwide (RFC 4291, IANA). What is outside is special, whether a list names it or not. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address is an ordinary one on the public Internet: not private, loopback, link-local (where clouds
 * keep their metadata services), unique-local, carrier-grade NAT, multicast, reserved, and no IPv4 address in IPv6
 * clothes (mapped, NAT64, 6to4, Teredo), which could lead to any of those.
 */
export function isPublicAddress(address: string): boolean {
  // Only the usual notation: `0177.0.0.1` and `127.1` are addresses to some resolvers and others to others.
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address).range() === 'unicast';
  if (address.includes('%') || !ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast';
}
