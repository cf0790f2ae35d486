import { describe, expect, it } from 'vitest';
import { isPublicAddress, isWithinReach, mayBeWithinReach } from '../../shared/monitors/network/network.ts';

describe('an address that is not public', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, any', '127.255.255.254'],
    ['this network', '0.0.0.0'],
    ['private 10/8', '10.0.0.1'],
    ['private 172.16/12, first', '172.16.0.0'],
    ['private 172.16/12, last', '172.31.255.255'],
    ['private 192.168/16', '192.168.1.1'],
    ['carrier NAT, first', '100.64.0.0'],
    ['carrier NAT, last', '100.127.255.255'],
    ['link-local: instance metadata', '169.254.169.254'],
    ['link-local: task metadata', '169.254.170.2'],
    ['link-local: Lambda runtime', '169.254.100.1'],
    ['metadata of Azure', '168.63.129.16'],
    ['metadata of Oracle', '192.0.0.192'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '203.0.113.7'],
    ['multicast', '224.0.0.251'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['IPv6 unspecified', '::'],
    ['IPv6 loopback', '::1'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 link-local with a zone', 'fe80::1%eth0'],
    ['IPv6 site-local', 'fec0::1'],
    ['IPv6 unique local', 'fd12:3456::1'],
    ['IPv6 metadata of AWS', 'fd00:ec2::254'],
    ['IPv6 multicast', 'ff02::1'],
    ['IPv4-mapped, dotted', '::ffff:127.0.0.1'],
    ['IPv4-mapped, hexadecimal', '::ffff:7f00:1'],
    ['IPv4-mapped, long', '0:0:0:0:0:ffff:a9fe:a9fe'],
    ['IPv4-mapped, of a public one', '::ffff:1.1.1.1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64, local', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:4136:e378::'],
    ['IPv6 documentation', '2001:db8::1'],
    ['IPv6 documentation, newer', '3fff::1'],
    ['discard', '100::1'],
    ['no address', 'example.com'],
    ['nothing', ''],
  ])('%s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('an address that is public', () => {
  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '169.253.255.255',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:82a::200e',
  ])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('a host as written in a URL', () => {
  it.each([
    ['http://localhost:4510', false],
    ['http://LOCALHOST.', false],
    ['http://api.localhost', false],
    ['http://[::1]:80', false],
    ['http://2130706433', false],
    ['http://0x7f.1', false],
    ['http://0177.0.0.1', false],
    ['http://127.1', false],
    ['http://[::ffff:169.254.169.254]', false],
    ['http://1.1.1.1', true],
    ['http://example.com', true],
    ['http://localhost.example.com', true],
  ])('%s may be public: %s', (url, expected) => {
    expect(mayBeWithinReach(new URL(url).hostname, 'public')).toBe(expected);
  });
});

describe('a probe inside a network', () => {
  it.each([
    ['a public address', '1.1.1.1', true],
    ['private 10/8', '10.1.2.3', true],
    ['private 172.16/12', '172.16.0.1', true],
    ['private 192.168/16', '192.168.1.1', true],
    ['pods of a cluster', '100.64.0.1', true],
    ['unique local', 'fd12:3456::1', true],
    ['loopback: Lambda’s runtime', '127.0.0.1', false],
    ['IPv6 loopback', '::1', false],
    ['this network', '0.0.0.0', false],
    ['instance metadata', '169.254.169.254', false],
    ['task metadata', '169.254.170.2', false],
    ['Lambda’s runtime, link-local', '169.254.100.1', false],
    ['IPv6 metadata', 'fd00:ec2::254', false],
    ['IPv6 credentials of pods', 'fd00:ec2::23', false],
    ['IPv6 link-local', 'fe80::1', false],
    ['IPv4-mapped, of a private one', '::ffff:10.0.0.1', false],
    ['metadata of Azure', '168.63.129.16', false],
    ['multicast', '224.0.0.251', false],
    ['no address', 'example.com', false],
  ])('may connect to %s %s: %s', (_, address, expected) => {
    expect(isWithinReach(address, 'private')).toBe(expected);
  });

  it.each([
    ['http://10.0.0.5:8080', true],
    ['http://orders.internal', true],
    ['http://localhost:8080', false],
    ['http://127.0.0.1:9001', false],
  ])('may be told to watch %s: %s', (url, expected) => {
    expect(mayBeWithinReach(new URL(url).hostname, 'private')).toBe(expected);
  });
});
