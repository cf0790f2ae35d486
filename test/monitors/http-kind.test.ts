import { describe, expect, it } from 'vitest';
import { parse } from '../../shared/conditions/parse.ts';
import { httpSettings } from '../../shared/monitors/http/settings.ts';
import { http } from '../../shared/monitors/http.ts';
import { monitorKind, monitorKinds } from '../../shared/monitors/index.ts';
import type { MonitorKind } from '../../shared/monitors/kind.ts';

const settingsOf = (settings: object) => httpSettings.parse({ url: 'https://api.example.com/', ...settings });

/** What may stand as the second argument of a kind's function, by the kind or the field it stands for. */
const targets: Record<string, unknown> = {
  url: 'https://api.example.com/',
  websocket: 'wss://api.example.com/',
  target: 'api.example.com:443',
  query: 'api.example.com',
  domain: 'example.com',
  file: './checks/checkout.ts',
  steps: [{ name: 'login', url: 'https://api.example.com/login' }],
};

describe('the registry', () => {
  it.each(Object.entries(monitorKinds))(
    'knows %s by its own name, with conditions it can evaluate',
    (name, kind: MonitorKind<unknown>) => {
      expect(kind.kind).toBe(name);
      expect(monitorKind(name)).toBe(kind);
      const settings = kind.settings.parse({ [kind.shorthand]: targets[name] ?? targets[kind.shorthand] });
      for (const line of kind.defaultExpect(settings))
        expect(parse(line, kind.properties)).toHaveProperty('condition');
    },
  );

  it.each(['toString', '__proto__', 'smoke-signal'])('knows no %s', (name) => {
    expect(monitorKind(name)).toBeUndefined();
  });
});

describe('an HTTP monitor', () => {
  it('needs nothing but its URL', () => {
    expect(settingsOf({})).toEqual({
      url: 'https://api.example.com/',
      method: 'GET',
      headers: {},
      redirects: 5,
      maxBody: 1_000_000,
      ipFamily: 4,
      tls: { verify: true },
    });
  });

  it.each([
    { settings: {}, expected: ['status in 200-399', 'certificate > 14d'] },
    { settings: { url: 'http://api.example.com/' }, expected: ['status in 200-399'] },
    { settings: { tls: { verify: false } }, expected: ['status in 200-399'] },
  ])('expects $expected with $settings', ({ settings, expected }) => {
    expect(http.defaultExpect(settingsOf(settings))).toEqual(expected);
  });

  it.each([
    { settings: {}, secrets: [] },
    { settings: { auth: { bearer: { secret: 'token' } } }, secrets: ['token'] },
    { settings: { auth: { bearer: 'plain' } }, secrets: [] },
    {
      settings: {
        auth: { basic: { username: 'me', password: { secret: 'password' } } },
        headers: { 'x-key': { secret: 'key' }, accept: 'text/html' },
      },
      secrets: ['password', 'key'],
    },
    {
      settings: { body: { user: 'me', keys: [{ secret: 'one' }, { secret: 'two' }] } },
      secrets: ['one', 'two'],
    },
    {
      settings: { tls: { cert: '-----BEGIN CERTIFICATE-----', key: { secret: 'client-key' } } },
      secrets: ['client-key'],
    },
    {
      settings: {
        auth: {
          oauth2: {
            tokenUrl: 'https://login.example.com/',
            clientId: 'a',
            clientSecret: { secret: 'client' },
          },
        },
      },
      secrets: ['client'],
    },
  ])('reads the secrets $secrets', ({ settings, secrets }) => {
    expect(http.secrets(settingsOf(settings))).toEqual(secrets);
  });

  it.each([
    ['https://api.example.com:8443/x', 'api.example.com'],
    ['http://[::1]:80/', '::1'],
    ['http://2130706433/', '127.0.0.1'],
  ])('at %s connects to %s', (url, host) => {
    expect(http.hosts(settingsOf({ url }))).toEqual([host]);
  });

  it('is vetted by the host that gives out its tokens as well', () => {
    const oauth2 = { tokenUrl: 'http://169.254.169.254/', clientId: 'a', clientSecret: { secret: 'b' } };
    expect(http.hosts(settingsOf({ auth: { oauth2 } }))).toEqual(['api.example.com', '169.254.169.254']);
  });

  it.each([
    { url: 'api.example.com' },
    { url: 'ftp://api.example.com' },
    { url: 'file:///etc/passwd' },
    { url: 'https://me:password@api.example.com' },
    { method: 'CONNECT' },
    { headers: { 'two words': 'x' } },
    { headers: { 'x-evil': 'a\r\nx-other: b' } },
    { redirects: -1 },
    { redirects: 21 },
    { maxBody: 10_000_001 },
    { ipFamily: 5 },
    { auth: { bearer: { secret: 'a' }, basic: { username: 'b', password: 'c' } } },
    { verify: false },
  ])('refuses %j', (settings) => {
    expect(httpSettings.safeParse({ url: 'https://api.example.com/', ...settings }).success).toBe(false);
  });
});
