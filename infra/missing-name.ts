import type { Problem } from '../shared/config/problems.ts';
import { nearest } from '../shared/nearest.ts';

const noIcmp = "tcp('gateway', 'gw.example.com:443'): ICMP needs raw sockets, which Lambda does not have";
const job = "heartbeat('nightly-backup', { cron: '0 3 * * *' })";
const browserCode = "script('checkout', './checks/checkout.spec.ts')";

/** What other tools call a thing, and how it is written here. */
const elsewhere = new Map([
  ['ping', noIcmp],
  ['icmp', noIcmp],
  ['traceroute', noIcmp],
  [
    'udp',
    "dns('www', 'www.example.com'): of UDP there is DNS only, an answer to another datagram proves little",
  ],
  ['ssl', "tls('certificate', 'example.com')"],
  ['ssh', "tcp('ssh', { target: 'bastion.example.com:22', expect: ['banner matches /^SSH-2/'] })"],
  ['smtp', "tcp('mail', { target: 'mail.example.com:25', dialogue: [{ expect: /^220 / }] })"],
  [
    'imap',
    "tcp('mail', { target: 'mail.example.com:993', secure: true, dialogue: [{ expect: /^\\* OK/ }] })",
  ],
  ['starttls', "tls('mail', { target: 'mail.example.com:25', starttls: 'smtp' })"],
  ['whois', "domain('domain', 'example.com')"],
  ['push', job],
  ['cron', job],
  ['mariadb', "mysql('shop', { target: 'db.example.com', password: secret('db') })"],
  ['valkey', "redis('cache', 'cache.example.com')"],
  ['multistep', "api('checkout', { steps: [step('login', 'https://api.example.com/login')] })"],
  ['playwright', browserCode],
  ['puppeteer', browserCode],
]);

/** What is wrong with importing a name that `tocsin` does not have, as a problem without its place. */
export function missingName(name: string, names: readonly string[]): Omit<Problem, 'path'> {
  const instead = elsewhere.get(name.toLowerCase().replace(/(check|monitor)$/, ''));
  const like = nearest(name, names);
  return {
    got: name,
    allowed: names.toSorted().join(', '),
    fix: instead ? `write ${instead}` : like ? `write ${like}` : 'import one of these',
  };
}
