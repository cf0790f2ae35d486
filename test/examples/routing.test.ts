import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';
import { simulate } from '../../shared/incidents/simulate.ts';
import { labelsOf } from '../../shared/routing/plan.ts';
import type { Severity } from '../../shared/severity.ts';
import { wallText } from '../../shared/wall-time.ts';

async function configOf(name: string) {
  const file = await import(`../../examples/${name}/tocsin.config.ts`);
  const resolved = resolve(file.default, { local: true });
  if ('problems' in resolved) throw new Error(resolved.problems.map(formatProblem).join('\n\n'));
  expect(resolved.warnings).toEqual([]);
  return resolved.config;
}

/** Who hears of a monitor's incident when, until somebody acknowledges: `+10s operations alerts-critical`. */
async function toldOf(name: string, monitor: string, severity: Severity, at: string): Promise<string[]> {
  const config = await configOf(name);
  const subject = { type: 'monitor', id: monitor } as const;
  const known = config.monitors.find(({ id }) => id === monitor)!;
  const supposed = { subject, severity, labels: labelsOf(subject, severity, known) };
  const { notices } = simulate(config, supposed, Date.parse(at), {
    overrides: [],
    silences: [],
    windows: [],
  });
  return notices.map(({ at: moment, channels }) => {
    const told = channels.map(({ channel, digest }) =>
      digest === undefined ? channel : `${channel} on ${wallText('Europe/Madrid', digest)}`,
    );
    return `+${(moment - Date.parse(at)) / 1_000}s ${told.join(' ') || 'nobody'}`;
  });
}

const friday = '2026-11-20T19:00:00Z';
const fourHours = 4 * 3_600;

describe('the routing of the examples', () => {
  test.each<[string, string, Severity, string[]]>([
    ['anclora', 'live', 'critical', ['+0s critical oncall pager', `+${fourHours}s critical oncall pager`]],
    ['anclora', 'ready', 'warning', ['+30s warnings oncall', `+${fourHours + 30}s warnings oncall`]],
    ['anclora', 'health', 'info', ['+30s info on Sat 2026-11-21 08:00']],
    ['anclora', 'daily-report', 'info', ['+30s business', `+${fourHours + 30}s business`]],
    ['strato', 'api', 'critical', ['+10s operations alerts-critical', '+3610s operations alerts-critical']],
    ['strato', 'system', 'warning', ['+10s team alerts-warning', '+3610s team alerts-warning']],
    ['strato', 'system', 'info', ['+10s program logs', '+3610s program logs']],
    ['ai-doc-editor', 'editor', 'critical', ['+0s oncall team', '+1800s oncall team']],
    ['ai-doc-editor', 'api', 'high', ['+30s oncall team', `+${fourHours + 30}s oncall team`]],
    // Friday evening: on Monday at nine, and again while it is still nobody's.
    ['ai-doc-editor', 'api', 'warning', ['+30s nobody', '+219600s team', '+230430s team']],
    ['ai-doc-editor', 'database', 'info', ['+30s team on Sat 2026-11-21 09:00']],
  ])('%s: %s, %s: %j', async (name, monitor, severity, told) => {
    expect(await toldOf(name, monitor, severity, friday)).toEqual(told);
  });

  test('strato has one incident of each alert, told 10 s after what changed', async () => {
    const config = await configOf('strato');
    const subject = { type: 'monitor', id: 'api' } as const;
    const labels = labelsOf(subject, 'critical', config.monitors[0]);
    const { plan } = simulate(config, { subject, labels, severity: 'critical' }, 0, {
      overrides: [],
      silences: [],
      windows: [],
    });
    expect(plan).toMatchObject({
      route: 'routes[0].routes[0]',
      groupKey: 'group/monitor="api"',
      groupWait: 10_000,
      groupInterval: 10_000,
      repeatEvery: 3_600_000,
    });
  });
});
