import {
  component,
  componentLatency,
  defineConfig,
  email,
  group,
  health,
  http,
  pagerduty,
  secret,
  slack,
  sns,
  webhook,
} from 'tocsin';
import { expect, test } from 'vitest';

/** `npm run check` compiles this file: each expected error must be one. */
test('an editor shows mistakes before Tocsin does', () => {
  const config = defineConfig({
    name: 'acme',
    // @ts-expect-error the levels are lean, standard and detailed
    level: 'full',
    // @ts-expect-error a duration has a unit
    defaults: { every: '60' },
    monitors: [
      // @ts-expect-error a duration is a text
      http('a', { url: 'https://a.example.com', timeout: 5 }),
      // @ts-expect-error misspelt
      http('b', { url: 'https://b.example.com', tiemout: '5s' }),
      // @ts-expect-error there is no such method
      http('c', { url: 'https://c.example.com', method: 'FETCH' }),
      // @ts-expect-error M of N
      http('d', { url: 'https://d.example.com', alert: { after: '3' } }),
      // @ts-expect-error no such severity
      http('e', { url: 'https://e.example.com', alert: { severity: 'crit' } }),
      // @ts-expect-error a target is needed
      http('f', {}),
      // @ts-expect-error optional is a list
      health('i', { url: 'https://i.example.com', optional: 'cache' }),
      health('j', {
        url: 'https://j.example.com',
        expect: [component('database').is('healthy'), componentLatency('my db').below('200ms')],
      }),
      http('g', { url: 'https://g.example.com', auth: { bearer: secret('token') }, redirects: 0 }),
      // @ts-expect-error a group has monitors
      group('h', { defaults: { every: '5m' } }),
    ],
    channels: {
      ops: slack(),
      // @ts-expect-error a webhook is a secret
      dev: slack({ webhook: 'https://hooks.example.com' }),
      // @ts-expect-error mail has recipients
      boss: email({ from: 'tocsin@example.com' }),
      bot: slack({ token: secret('slack-token'), channel: 'C012AB3CD', mention: 'here' }),
      // @ts-expect-error a bot posts to a channel
      lost: slack({ token: secret('slack-token') }),
      pager: pagerduty({ region: 'eu', fallback: 'ops' }),
      // @ts-expect-error no such region
      far: pagerduty({ region: 'apac' }),
      // @ts-expect-error a header is a secret
      program: webhook({ headers: { authorization: 'Bearer x' } }),
      // @ts-expect-error a topic is needed
      topic: sns({}),
    },
    routes: [
      { match: { severity: 'critical', team: ['a', 'b'] }, notify: ['ops', 'dev', 'boss'] },
      // @ts-expect-error no such channel
      { notify: ['opps'] },
      {
        notify: ['ops'],
        // @ts-expect-error no such policy
        escalate: 'platfrom',
        // @ts-expect-error no such channel, inside of a route
        routes: [{ routes: [{ notify: ['opps'] }] }],
      },
      // @ts-expect-error a duration has a unit
      { notify: ['ops'], groupWait: '5' },
    ],
    // @ts-expect-error no such channel
    people: { ana: { contacts: ['ana-push'] }, ben: {} },
    rotations: {
      // @ts-expect-error no such person
      platform: { zone: 'UTC', layers: [{ people: ['anna'], start: '2026-01-05T09:00', turn: '1w' }] },
      // @ts-expect-error a turn has a unit
      data: { zone: 'UTC', layers: [{ people: ['ana'], start: '2026-01-05T09:00', turn: '7' }] },
    },
    escalations: {
      platform: {
        steps: [
          { after: '5m', notify: [{ rotation: 'platform' }, { person: 'ben' }, { channel: 'boss' }] },
          // @ts-expect-error no such rotation
          { after: '5m', notify: [{ rotation: 'platfrom' }] },
        ],
      },
    },
  });
  expect(config.monitors).toHaveLength(10);
});
