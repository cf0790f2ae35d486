import { expect, describe as suite, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { type About, describe } from '../../shared/incidents/describe.ts';
import type { AlarmSignal } from '../../shared/incidents/incident.ts';
import { parseAlarm } from '../../shared/incidents/parse-alarm.ts';
import { routeTo } from '../support/routes.ts';
import { config, monitor, signal, start } from './signals.ts';

const channelsOf = ({ plan }: About) => plan.receivers.map(({ channel }) => channel);

const self = (description?: string): AlarmSignal => ({
  ...signal('x', 'ALARM', 0),
  name: 'acme/self/observed-home',
  subject: { type: 'self', id: 'observed-home' },
  ...(description && { description }),
});

suite('what an incident is about', () => {
  test('a monitor gives it name, severity, labels, runbook and route', () => {
    expect(describe(signal('website', 'ALARM', 0), config)).toEqual({
      groupKey: 'monitor/website',
      subject: { type: 'monitor', id: 'website' },
      severity: 'critical',
      title: 'website is down',
      labels: {
        service: 'web',
        team: 'platform',
        type: 'monitor',
        severity: 'critical',
        monitor: 'website',
      },
      runbook: 'https://wiki.example.com/runbooks/website',
      plan: {
        route: 'routes[0]',
        groupKey: 'monitor/website',
        groupWait: 0,
        groupInterval: 300_000,
        repeatEvery: 14_400_000,
        receivers: [
          { channel: 'ops', sendResolved: true },
          { channel: 'oncall', sendResolved: true },
        ],
      },
    });
  });

  test('a monitor that is degraded is another incident, of the severity that its own alarm has', () => {
    const degraded = { failing: 3, of: 5, severity: 'warning' as const };
    const alert = { failing: 2, of: 3, severity: 'critical' as const, degraded };
    const told = { ...config, monitors: [monitor('website', 'critical', { alert })] };
    const slow = {
      ...signal('website', 'ALARM', 0),
      subject: { type: 'monitor' as const, id: 'website', aspect: 'degraded' as const },
    };
    expect(describe(slow, told)).toMatchObject({
      groupKey: 'monitor/website/degraded',
      title: 'website is degraded',
      severity: 'warning',
      labels: { monitor: 'website', severity: 'warning' },
      runbook: 'https://wiki.example.com/runbooks/website',
      plan: { receivers: [{ channel: 'ops' }] },
    });
  });

  test('a monitor that left the config keeps its id as its name', () => {
    expect(describe(signal('gone', 'ALARM', 0), config)).toMatchObject({
      title: 'gone is down',
      severity: 'high',
    });
  });

  test('an alarm about Tocsin itself is called by its symptom, else by its name', () => {
    const description =
      'Location home is blind: website, search.\nRunbook: docs/runbook.md#blind\nWithout data: x';
    expect(describe(self(description), config)).toMatchObject({
      title: 'Location home is blind: website, search.',
      runbook: 'docs/runbook.md#blind',
      severity: 'high',
    });
    expect(describe(self(), config).title).toBe('acme/self/observed-home');
  });

  test('an unknown text is shown as it came, cut, without what could disturb a screen', () => {
    const text = `Budget\u0007 of \u202eevil\n<!channel> & more ${'x'.repeat(5_000)}`;
    const about = describe(parseAlarm(text, 'acme', start), config);
    expect(about.title).toBe('Budget of evil');
    expect(about.description).toMatch(/^Budget of evil\n<!channel> & more x+…$/);
    expect(about.description).toHaveLength(1_024);
    expect(about.severity).toBe('high');
    expect(channelsOf(about)).toEqual(['ops']);
  });
});

suite('routes', () => {
  const onlyHigh: Config = { ...config, routes: [routeTo(['ops'], { team: ['data'] })] };

  test('a monitor that no route matches is told to nobody', () => {
    expect(channelsOf(describe(signal('website', 'ALARM', 0), onlyHigh))).toEqual([]);
  });

  test('an alarm the config does not know then goes to every channel', () => {
    expect(channelsOf(describe(self(), onlyHigh))).toEqual(['ops', 'oncall']);
  });

  test('labels of the monitor never pass for its severity or id, and its group is one', () => {
    const sly = monitor('sly', 'info', {
      group: 'edge',
      labels: { severity: 'critical', monitor: 'website' },
    });
    const about = describe(signal('sly', 'ALARM', 0), { ...config, monitors: [sly] });
    expect(about.labels).toEqual({ type: 'monitor', severity: 'info', monitor: 'sly', group: 'edge' });
  });
});
