import { isIP } from 'node:net';
import type { Answer } from 'dns-packet';

/**
 * The data of a record as one line of text, names without their last dot: `192.0.2.1`, `10 mail.example.com` (MX),
 * `0 issue "ca.example"` (CAA), the joined strings of a TXT. Data of a type we cannot read is `\# 4 c0000201`.
 */
export function textOf(answer: Answer): string {
  switch (answer.type) {
    case 'TXT':
      return [answer.data].flat().map(String).join('');
    case 'MX':
      return `${answer.data.preference} ${answer.data.exchange}`;
    case 'CAA':
      return `${answer.data.flags} ${answer.data.tag} "${answer.data.value}"`;
    case 'SRV': {
      const { priority, weight, port, target } = answer.data;
      return `${priority} ${weight} ${port} ${target}`;
    }
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return [mname, rname, serial, refresh, retry, expire, minimum].join(' ');
    }
    case 'OPT':
      return '';
    default:
      return plainText(answer.data);
  }
}

/** Fields in their order, bytes in hexadecimal; https://www.rfc-editor.org/rfc/rfc3597#section-5 for data as a whole. */
function plainText(data: unknown): string {
  if (Buffer.isBuffer(data)) return `\\# ${data.length} ${data.toString('hex')}`.trimEnd();
  if (typeof data !== 'object' || data === null) return String(data);
  const fields = Object.values(data).flat();
  return fields.map((field) => (Buffer.isBuffer(field) ? field.toString('hex') : String(field))).join(' ');
}

/** The name under which an address is looked up backwards: `192.0.2.1` → `1.2.0.192.in-addr.arpa`. */
export function reverseName(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  // URL writes an address in groups of hexadecimal digits, whatever its form.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text = '') => text.split(':').filter(Boolean);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
  const digits = all.map((group) => group.padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}
