import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../infra/bundles.ts';
import { configOf, monitor } from '../support/synthesis.ts';

const config = configOf([monitor('website', { every: 10_000 }), monitor('shop')]);

const freshDirectory = () => mkdtempSync(join(tmpdir(), 'tocsin-bundles-'));

const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(directory, file)).isFile())
    .sort();

const first = freshDirectory();
beforeAll(() => bundle(config, first));

const source = (name: string) => readFileSync(join(first, name), 'utf8');

describe('bundling', () => {
  it('gives each function its code and its part of the config', () => {
    expect(filesIn(first)).toEqual([
      'api/config.json',
      'api/index.cjs',
      'notify-email/config.json',
      'notify-email/index.cjs',
      'notify-slack/config.json',
      'notify-slack/index.cjs',
      'probe-home/index.cjs',
      'probe-home/shard-10s-0.json',
      'probe-home/shard-60s-0.json',
      'reconcile/config.json',
      'reconcile/index.cjs',
      'record-observations/config.json',
      'record-observations/index.cjs',
      'track-incidents/config.json',
      'track-incidents/index.cjs',
    ]);
    expect(JSON.parse(source('api/config.json'))).toEqual(config);
    expect(JSON.parse(source('probe-home/shard-10s-0.json'))).toEqual({
      version: 1,
      name: 'acme',
      witness: [],
      shard: { id: '10s-0', location: 'home', every: 10_000, monitors: [config.monitors[0]] },
    });
  });

  it('makes the same bytes in another place, so that nothing is deployed again without need', async () => {
    const second = freshDirectory();
    await bundle(config, second);
    for (const file of filesIn(first))
      expect(readFileSync(join(second, file)).equals(readFileSync(join(first, file))), file).toBe(true);
  });

  it('leaves nothing of an earlier build', async () => {
    const directory = freshDirectory();
    mkdirSync(join(directory, 'probe-home'));
    writeFileSync(join(directory, 'probe-home/shard-old.json'), '{}');
    await bundle(config, directory);
    expect(filesIn(directory)).toEqual(filesIn(first));
  });

  it('puts only its own kind of channel into a notifier', () => {
    expect(source('notify-email/index.cjs')).toContain('nodemailer');
    expect(source('notify-slack/index.cjs')).not.toContain('nodemailer');
    expect(source('notify-slack/index.cjs')).toContain('mrkdwn');
    expect(source('notify-email/index.cjs')).not.toContain('mrkdwn');
  });

  it('puts only the kinds of its own monitors into a probe', () => {
    expect(source('probe-home/index.cjs')).toContain('HEAD');
    for (const other of ['NSEC3PARAM', 'STARTTLS', 'rdap'])
      expect(source('probe-home/index.cjs')).not.toContain(other);
  });

  it('keeps a probe small whatever it checks', async () => {
    const telling = {
      dns: 'NSEC3PARAM',
      tls: 'STARTTLS',
      tcp: 'spoke on before TLS',
      domain: 'rdap',
      redis: 'NOAUTH',
      postgres: 'SCRAM',
      websocket: 'Sec-WebSocket-Key',
      grpc: 'NOT_SERVING',
      api: 'x-www-form-urlencoded',
    };
    const settings = { steps: [], cleanup: [] };
    const monitors = Object.keys(telling).map((kind) => monitor(kind, { kind, locations: [kind], settings }));
    const locations = Object.keys(telling).map((id) => ({ id }));
    const directory = freshDirectory();
    await bundle(configOf(monitors, { locations, channels: [] }), directory);
    for (const [kind, text] of Object.entries(telling)) {
      const file = join(directory, `probe-${kind}/index.cjs`);
      expect(readFileSync(file, 'utf8'), kind).toContain(text);
      expect(statSync(file).size, kind).toBeLessThanOrEqual(250_000);
    }
  });

  it('validates JSON where a monitor has a schema, and nowhere else', async () => {
    const schema = { type: 'object' };
    const request = { name: 'login', schema };
    const directory = freshDirectory();
    const locations = ['plain', 'strict', 'steps'].map((id) => ({ id }));
    const monitors = [
      monitor('one', { locations: ['plain'] }),
      monitor('two', { locations: ['strict'], settings: { schema } }),
      monitor('three', { kind: 'api', locations: ['steps'], settings: { steps: [request], cleanup: [] } }),
    ];
    await bundle(configOf(monitors, { locations, channels: [] }), directory);
    const code = (location: string) => readFileSync(join(directory, `probe-${location}/index.cjs`), 'utf8');
    expect(code('plain')).not.toContain('unevaluatedProperties');
    expect(code('strict')).toContain('unevaluatedProperties');
    expect(code('steps')).toContain('unevaluatedProperties');
    expect(code('strict').length).toBeLessThanOrEqual(250_000);
  });

  it('keeps the probe free of SDK clients, and every function small', () => {
    expect(statSync(join(first, 'probe-home/index.cjs')).size).toBeLessThanOrEqual(250_000);
    for (const file of filesIn(first).filter((name) => name.endsWith('.cjs')))
      expect(statSync(join(first, file)).size, file).toBeLessThanOrEqual(600_000);
  });

  it('writes no path of this machine into the code', () => {
    for (const file of filesIn(first)) expect(source(file), file).not.toContain(process.cwd());
  });

  it('names the file that a kind of channel or monitor lacks', async () => {
    const unknown = configOf([], { channels: [{ id: 'ops', kind: 'pigeon', settings: {} }] });
    await expect(bundle(unknown, freshDirectory())).rejects.toThrow(
      'there is no shared/notifications/pigeon.ts',
    );
    const signals = configOf([monitor('hill', { kind: 'smoke' })]);
    await expect(bundle(signals, freshDirectory())).rejects.toThrow('there is no shared/monitors/smoke.ts');
  });
});
