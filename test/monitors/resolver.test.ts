import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  addressesInHostsFile,
  createResolve,
  knownAddresses,
} from '../../shared/monitors/network/resolver.ts';
import { serveDns } from '../support/dns-server.ts';

const signal = AbortSignal.timeout(5_000);

describe('an answer of DNS', () => {
  it.each([
    { ttl: 30, after: 29_000, asked: 1 },
    { ttl: 30, after: 30_001, asked: 2 },
    { ttl: 0, after: 1, asked: 2 },
    { ttl: 86_400, after: 59_000, asked: 1 },
    { ttl: 86_400, after: 60_001, asked: 2 },
  ])('living $ttl s is asked for $asked times within $after ms', async ({ ttl, after, asked }) => {
    const dns = await serveDns(() => ['192.0.2.1'], ttl);
    let now = 0;
    const resolve = createResolve([dns.address], () => now);

    await resolve('a.example', 4, { signal });
    now = after;
    await resolve('a.example', 4, { signal });

    expect(dns.queries).toHaveLength(asked);
  });

  it('is asked for anew on a second look, and by family', async () => {
    const dns = await serveDns(() => ['192.0.2.1', '2001:db8::5']);
    const resolve = createResolve([dns.address]);

    const answers = [
      await resolve('a.example', 4, { signal }),
      await resolve('a.example', 4, { signal, fresh: true }),
      await resolve('a.example', 6, { signal }),
    ];

    expect(answers).toEqual([['192.0.2.1'], ['192.0.2.1'], ['2001:db8::5']]);
    expect(dns.queries).toEqual(['a.example A', 'a.example A', 'a.example AAAA']);
  });

  it('that is a failure is not kept', async () => {
    const dns = await serveDns((_, question) => (question === 0 ? 'NXDOMAIN' : ['192.0.2.1']));
    const resolve = createResolve([dns.address]);

    await expect(resolve('a.example', 4, { signal })).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(await resolve('a.example', 4, { signal })).toEqual(['192.0.2.1']);
  });

  it('is no longer waited for when time is up', async () => {
    const dns = await serveDns(() => 'silence');

    const answer = createResolve([dns.address])('a.example', 4, { signal: AbortSignal.timeout(50) });

    await expect(answer).rejects.toMatchObject({ code: 'ECANCELLED' });
  });
});

describe('addresses known without DNS', () => {
  it.each([
    ['192.0.2.1', 4, ['192.0.2.1']],
    ['2001:db8::1', 4, ['2001:db8::1']],
    ['localhost', 4, ['127.0.0.1']],
    ['localhost', 6, ['::1']],
    ['app.localhost', 'any', ['127.0.0.1', '::1']],
    ['example.com', 4, undefined],
  ] as const)('%s for family %s', (host, family, addresses) => {
    expect(knownAddresses(host, family)).toEqual(addresses);
  });
});

describe('the hosts file', () => {
  it('gives the addresses of a family, whatever its case and comments', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hosts-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'hosts');
    writeFileSync(
      file,
      '# mine\n192.0.2.7\tIntranet.example intra # old\n2001:db8::7 intranet.example\n\nbogus intra\n',
    );

    expect(addressesInHostsFile('intranet.EXAMPLE', 4, file)).toEqual(['192.0.2.7']);
    expect(addressesInHostsFile('intranet.example', 'any', file)).toEqual(['192.0.2.7', '2001:db8::7']);
    expect(addressesInHostsFile('intra', 6, file)).toEqual([]);
    expect(addressesInHostsFile('old', 'any', file)).toEqual([]);
    expect(addressesInHostsFile('intra', 4, path.join(folder, 'none'))).toEqual([]);
  });
});
