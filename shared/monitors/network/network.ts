import { BlockList, isIP } from 'node:net';

/**
 * IPv4 ranges that are not the public Internet (IANA special-purpose registry, RFC 6890), and Azure's metadata address.
 * A probe runs beside credentials: AWS's metadata and Lambda's runtime API answer on such addresses.
 */
const notPublicIPv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** IPv4 ranges that teams use inside their own networks: RFC 1918, and the shared range that clusters number pods from. */
const privateIPv4 = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'];

/** Unique local addresses, but for those AWS puts its own services on: metadata and credentials beside them. */
const privateIPv6 = ['fc00::/7'];
const awsIPv6 = ['fd00:ec2::/32'];

/** The only global unicast range of IPv6: mapped, translated, unique local, link-local and multicast addresses lie outside. */
const publicIPv6 = ['2000::/3'];

/** Inside that range: protocol assignments with Teredo, documentation, and 6to4 with an IPv4 address in it. */
const notPublicIPv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Built when the first address is judged: a cold start that judges none is a millisecond faster. */
let lists: ReturnType<typeof buildLists> | undefined;

function buildLists() {
  return {
    deniedIPv4: blockList(notPublicIPv4, 'ipv4'),
    allowedIPv6: blockList(publicIPv6, 'ipv6'),
    deniedIPv6: blockList(notPublicIPv6, 'ipv6'),
    privateIPv4: blockList(privateIPv4, 'ipv4'),
    privateIPv6: blockList(privateIPv6, 'ipv6'),
    awsIPv6: blockList(awsIPv6, 'ipv6'),
  };
}

function blockList(ranges: string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}

/**
 * Whether an address (a literal, without brackets) is on the public Internet. False for anything private, local or reserved, for
 * every form that embeds an IPv4 address (mapped, NAT64, 6to4), and for text that is no address.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  lists ??= buildLists();
  const { deniedIPv4, allowedIPv6, deniedIPv6 } = lists;
  if (family === 4) return !deniedIPv4.check(address, 'ipv4');
  if (family === 6) return allowedIPv6.check(address, 'ipv6') && !deniedIPv6.check(address, 'ipv6');
  return false;
}

/** Whether an address is one of a team's own network. False for loopback, link-local and whatever AWS itself answers on. */
function isPrivateAddress(address: string): boolean {
  lists ??= buildLists();
  if (isIP(address) === 4) return lists.privateIPv4.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return lists.privateIPv6.check(address, 'ipv6') && !lists.awsIPv6.check(address, 'ipv6');
}

/**
 * What a check may connect to: `public` addresses; those and the `private` ones of the network its probe is in; or, on the
 * `local` machine of whoever runs it, any.
 */
export type Reach = 'public' | 'private' | 'local';

/** Whether a check may connect to an address (a literal, without brackets). */
export const isWithinReach = (address: string, reach: Reach): boolean =>
  reach === 'local' || isPublicAddress(address) || (reach === 'private' && isPrivateAddress(address));

/** Whether a host name stands for this very machine, without asking DNS (RFC 6761). */
export const isLoopbackName = (host: string): boolean => /^(.+\.)?localhost\.?$/i.test(host);

/** The host of a URL; an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/**
 * Whether a host as written may be within reach: false for a literal that is not and, but for `local`, for `localhost`. Any other
 * name may be; where it leads is vetted when it is connected to.
 */
export function mayBeWithinReach(host: string, reach: Reach): boolean {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(literal) ? isWithinReach(literal, reach) : reach === 'local' || !isLoopbackName(host);
}
