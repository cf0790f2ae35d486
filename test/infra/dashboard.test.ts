import { describe, expect, it } from 'vitest';
import { parseExpression, references } from '../../infra/local/services/metric-math.ts';
import type { Config } from '../../shared/config/config.ts';
import { configOf, monitor, synthesize, written } from '../support/synthesis.ts';

interface Widget {
  type: string;
  width: number;
  height: number;
  x: number;
  properties: {
    title?: string;
    markdown?: string;
    alarms?: string[];
    metrics?: unknown[][];
    region?: string;
  };
}

/** The dashboard's widgets as CloudWatch reads them: its body must be JSON. */
async function widgetsOf(config: Config): Promise<Widget[]> {
  const { ofType } = await synthesize(config);
  const dashboards = Object.values(
    ofType<{ DashboardName: string; DashboardBody: unknown }>('AWS::CloudWatch::Dashboard'),
  );
  expect(dashboards.map(({ Properties }) => Properties.DashboardName)).toEqual(['Tocsin-acme-operations']);
  return JSON.parse(written(dashboards[0]!.Properties.DashboardBody)).widgets;
}

const titled = (widgets: Widget[], title: RegExp) =>
  widgets.filter((w) => title.test(w.properties.title ?? ''));

const many = (count: number) => configOf(Array.from({ length: count }, (_, n) => monitor(`m-${n}`)));

describe('the dashboard', () => {
  it('shows state, uptime, response time, incidents and our own health', async () => {
    const widgets = await widgetsOf(configOf([monitor('website', { every: 10_000, quorum: 2 })]));
    expect(widgets.map(({ properties }) => properties.title ?? properties.markdown?.split('\n')[0])).toEqual([
      '# acme: operations',
      'State',
      'Uptime, %: periods in which fewer locations than the quorum saw a failure',
      'Response time, ms (95th percentile)',
      'Incident events and notifications',
      'Our functions: errors, and p95 duration (right)',
      'Our queues: oldest message, s, and dead letters (right)',
    ]);
    expect(titled(widgets, /^Uptime/)[0]!.properties.metrics).toEqual([
      [
        expect.objectContaining({
          expression: '100 * (votes0 < 2)',
          label: expect.stringMatching(/^website \$\{AVG\} %$/),
        }),
      ],
      [
        'Tocsin/acme',
        'Failed',
        'Monitor',
        'website',
        expect.objectContaining({ id: 'votes0', visible: false, stat: 'Sum', period: 60 }),
      ],
    ]);
    expect(titled(widgets, /^Response/)[0]!.properties.metrics).toEqual([
      ['Tocsin/acme', 'ResponseTime', 'Monitor', 'website', expect.objectContaining({ stat: 'p95' })],
    ]);
  });

  it('links to the console', async () => {
    const [heading] = await widgetsOf(many(1));
    expect(heading!.properties.markdown).toMatch(/\[Console\]\(<Endpoint\w+\.ApiEndpoint>\)/);
  });

  it('shows states and no graphs of monitors at level lean, which has no data for them', async () => {
    const widgets = await widgetsOf({ ...many(1), level: 'lean' });
    expect(titled(widgets, /^(State|Uptime|Response)/).map(({ properties }) => properties.title)).toEqual([
      'State',
    ]);
  });

  it.each([0, 101, 380])('keeps CloudWatch’s limits with %i monitors', async (count) => {
    const widgets = await widgetsOf(many(count));
    const metrics = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
    expect(widgets.length).toBeLessThanOrEqual(500);
    expect(Math.max(...metrics)).toBeLessThanOrEqual(500);
    expect(metrics.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(2_500);
    expect(Math.max(...widgets.map(({ properties }) => properties.alarms?.length ?? 0))).toBeLessThanOrEqual(
      100,
    );
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBeLessThanOrEqual(24);
  });

  it('asks for nothing but what metric math understands and the widget has', async () => {
    const widgets = await widgetsOf({ ...many(21), level: 'lean' });
    for (const { properties } of widgets) {
      const options = (properties.metrics ?? []).map(
        (metric) => metric.at(-1) as { id?: string; expression?: string },
      );
      const ids = options.map(({ id }) => id);
      for (const { expression } of options)
        if (expression) expect(ids).toEqual(expect.arrayContaining(references(parseExpression(expression))));
    }
  });

  it('has every monitor in it once for each question', async () => {
    const widgets = await widgetsOf(many(45));
    const uptimes = titled(widgets, /^Uptime/).flatMap(({ properties }) => properties.metrics ?? []);
    const times = titled(widgets, /^Response/).flatMap(({ properties }) => properties.metrics ?? []);
    expect(uptimes.filter(([, name]) => name === 'Failed')).toHaveLength(45);
    expect(times).toHaveLength(45);
    expect(titled(widgets, /^State/).flatMap(({ properties }) => properties.alarms ?? [])).toHaveLength(45);
  });
});
