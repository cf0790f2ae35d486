import { describe, expect, it } from 'vitest';
import { missingName } from '../../infra/missing-name.ts';

describe('a name that tocsin does not have', () => {
  it.each([
    ['a misspelt kind', 'htpp', 'write http'],
    ['the beginning of a name', 'define', 'write defineConfig'],
    ['ping', 'ping', "write tcp('gateway', 'gw.example.com:443'): ICMP needs raw sockets"],
    ['a kind as Checkly calls it', 'IcmpMonitor', 'ICMP needs raw sockets'],
    ['another name of a kind', 'ssl', "write tls('certificate', 'example.com')"],
    ['what is like nothing here', 'zzz', 'import one of these'],
  ])('says what to write instead: %s', (_, name, fix) => {
    const missing = missingName(name, ['http', 'api', 'defineConfig']);

    expect(missing).toMatchObject({ got: name, allowed: 'api, defineConfig, http' });
    expect(missing.fix).toContain(fix);
  });
});
