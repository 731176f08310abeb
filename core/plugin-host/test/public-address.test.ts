import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, it } from 'vitest';
import { isPublicAddress } from '../src/index.js';

it.each([
  '8.8.8.8',
  '1.1.1.1',
  '100.63.255.255',
  '172.15.0.1',
  '172.32.0.1',
  '192.167.1.1',
  '2606:4700::1111',
  '2a00::1',
])('takes %s for public', (address) => expect(isPublicAddress(address)).toBe(true));

it.each([
  ['this host', '0.0.0.0'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['link-local', '169.254.0.1'],
  ['cloud metadata', '169.254.169.254'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['another cloud’s metadata', '100.100.100.200'],
  ['benchmarking', '198.18.0.1'],
  ['documentation', '203.0.113.9'],
  ['IETF protocols', '192.0.0.192'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['unique-local', 'fc00::1'],
  ['cloud metadata', 'fd00:ec2::254'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['IPv4-mapped', '::ffff:10.0.0.1'],
  ['IPv4-mapped, even of a public address', '::ffff:8.8.8.8'],
  ['IPv4-compatible', '::127.0.0.1'],
  ['NAT64', '64:ff9b::a9fe:a9fe'],
  ['local NAT64', '64:ff9b:1::1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:7f00:1::'],
  ['documentation', '2001:db8::1'],
  ['discard', '100::1'],
  ['not an address', 'localhost'],
  ['octal', '0177.0.0.1'],
  ['one number', '2130706433'],
  ['hexadecimal', '0x7f000001'],
  ['short', '127.1'],
  ['empty', ''],
])('refuses %s: %s', (_range, address) => expect(isPublicAddress(address)).toBe(false));

/** The ranges as RFCs give them, written down apart from the library that the code relies on. */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

it.each(SPECIAL_V4)('PROPERTY: nothing in %s/%i is public, nor mapped into IPv6', (network, bits) => {
  const base = ipaddr.IPv4.parse(network)
    .toByteArray()
    .reduce((sum, octet) => sum * 256 + octet, 0);
  fc.assert(
    fc.property(fc.nat(2 ** (32 - bits) - 1), (offset) => {
      const number = base + offset;
      const octets = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256);
      const address = octets.join('.');
      expect(isPublicAddress(address)).toBe(false);
      expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
      expect(isPublicAddress(`64:ff9b::${address}`)).toBe(false);
    }),
  );
});

it('PROPERTY: no IPv6 address outside 2000::/3 is public', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const first = group.filter((value) => value >> 13 !== 1);
  fc.assert(
    fc.property(first, fc.tuple(group, group, group, group, group, group, group), (head, tail) => {
      expect(isPublicAddress([head, ...tail].map((value) => value.toString(16)).join(':'))).toBe(false);
    }),
  );
});

it('PROPERTY: any text is either an address or refused, never an exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (text) => typeof isPublicAddress(text) === 'boolean'),
  );
});
