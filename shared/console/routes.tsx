import { type Context, Hono } from 'hono';
import { ApiError, told } from '../api/errors.ts';
import { gatherMonitor, gatherMonitors } from '../api/gather.ts';
import { listRosters, wantedOverride } from '../api/oncall.ts';
import { pause, resume } from '../api/pause.ts';
import type { Ports } from '../api/ports.ts';
import { gatherReport } from '../api/responses.ts';
import { maxReasonLength } from '../api/routes.ts';
import { run } from '../api/run.ts';
import type { Signed } from '../api/session.ts';
import { parseDuration, unitMs } from '../duration.ts';
import { checkedFrom } from '../monitors/shards.ts';
import { cut, oneLine } from '../notifications/text.ts';
import { addOverride, removeOverride } from '../oncall/overriding.ts';
import { AlarmsPage } from './alarms-page.tsx';
import { DemoPage } from './demo-page.tsx';
import { ErrorPage } from './error-page.tsx';
import { incidentPages } from './incident-routes.tsx';
import type { Surroundings } from './layout.tsx';
import { monitorPath } from './links.tsx';
import { MonitorPage } from './monitor-page.tsx';
import { MonitorsPage } from './monitors-page.tsx';
import { OncallPage } from './oncall-page.tsx';
import { OutboxPage } from './outbox-page.tsx';
import { ResponsesPage, spans } from './responses-page.tsx';
import { silencePages } from './silence-routes.tsx';
import { testAlertPages } from './test-alert-routes.tsx';

/** Who acts in the console: the name given when signing in, or nobody in particular. */
const actorOf = (c: Context<Signed>) => c.get('person') ?? 'console';

/** The console: pages, and the forms in them. */
export function consoleRoutes(ports: Ports): Hono<Signed> {
  const pages = new Hono<Signed>();
  const surroundings = (c: Context<Signed>): Surroundings => ({
    system: ports.config.name,
    now: ports.now(),
    local: ports.local !== undefined,
    ...(c.get('signedIn') && { signedIn: { person: c.get('person') } }),
  });

  pages.get('/', async (c) => {
    const [histories, openIncidents] = await Promise.all([gatherMonitors(ports), ports.listOpenIncidents()]);
    return c.html(
      <MonitorsPage histories={histories} openIncidents={openIncidents} surroundings={surroundings(c)} />,
    );
  });

  pages.get('/monitors/:id', async (c) => {
    const id = c.req.param('id');
    const wanted = c.req.query('run');
    const [history, evidence, run] = await Promise.all([
      gatherMonitor(ports, id),
      ports.readEvidence(id),
      wanted ? ports.readRun(wanted) : undefined,
    ]);
    if (!history) throw new ApiError('not-found', `The config has no monitor “${id}”.`);
    const shown = run?.monitor === id ? run : undefined;
    return c.html(
      <MonitorPage
        history={history}
        evidence={evidence}
        runsFrom={checkedFrom(ports.config, id)}
        run={shown}
        surroundings={surroundings(c)}
      />,
    );
  });

  pages.get('/monitors/:id/screenshots/:location/:at', async (c) => {
    const { id, location, at } = c.req.param();
    const jpeg = /^\d{1,15}$/.test(at) && (await ports.readScreenshot(id, location, Number(at)));
    if (!jpeg)
      throw new ApiError(
        'not-found',
        'There is no such picture, or none any more: they are kept for 30 days.',
      );
    return c.body(new Uint8Array(jpeg), 200, { 'content-type': 'image/jpeg' });
  });

  pages.post('/monitors/:id/pause', async (c) => {
    const id = c.req.param('id');
    const { lasts, reason } = await c.req.parseBody();
    const ms = typeof lasts === 'string' ? parseDuration(lasts) : undefined;
    await pause(ports, id, {
      by: actorOf(c),
      ...(typeof reason === 'string' && reason.trim() && { reason: cut(oneLine(reason), maxReasonLength) }),
      ...(ms !== undefined && { until: ports.now() + ms }),
    });
    return c.redirect(monitorPath(id), 303);
  });
  pages.post('/monitors/:id/run', async (c) => {
    const id = c.req.param('id');
    const { location } = await c.req.parseBody();
    const started = await run(ports, id, typeof location === 'string' ? location : undefined, actorOf(c));
    return c.redirect(`${monitorPath(id)}?run=${started}`, 303);
  });
  pages.post('/monitors/:id/resume', async (c) => {
    await resume(ports, c.req.param('id'));
    return c.redirect(monitorPath(c.req.param('id')), 303);
  });

  pages.route('/', incidentPages(ports, surroundings, actorOf));

  pages.get('/alarms', async (c) =>
    c.html(
      <AlarmsPage
        alarms={await ports.describeAlarms()}
        config={ports.config}
        surroundings={surroundings(c)}
      />,
    ),
  );

  pages.get('/responses', async (c) => {
    const days = spans.find((span) => String(span) === c.req.query('days')) ?? 30;
    const service = c.req.query('service') || undefined;
    const now = ports.now();
    const report = await gatherReport(ports, { from: now - days * unitMs.d, to: now }, service);
    const services = new Set(ports.config.monitors.flatMap(({ labels }) => labels.service ?? []));
    return c.html(
      <ResponsesPage
        report={report}
        days={days}
        service={service}
        services={[...services].sort()}
        surroundings={surroundings(c)}
      />,
    );
  });

  pages.get('/oncall', async (c) => {
    const rosters = await listRosters(ports);
    return c.html(
      <OncallPage rosters={rosters} people={ports.config.people} surroundings={surroundings(c)} />,
    );
  });
  pages.post('/oncall/overrides', async (c) => {
    await addOverride(
      ports.overrides,
      ports.config,
      wantedOverride(await c.req.parseBody(), ports, actorOf(c)),
      ports.now(),
    );
    return c.redirect('/oncall', 303);
  });
  pages.post('/oncall/overrides/:id/remove', async (c) => {
    await removeOverride(ports.overrides, c.req.param('id'));
    return c.redirect('/oncall', 303);
  });

  pages.route('/', silencePages(ports, surroundings, actorOf));
  pages.route('/', testAlertPages(ports, surroundings, actorOf));

  const { local } = ports;
  if (local) {
    pages.get('/outbox', async (c) =>
      c.html(<OutboxPage entries={await local.readOutbox()} surroundings={surroundings(c)} />),
    );
    pages.get('/demo', async (c) =>
      c.html(<DemoPage demo={await local.readDemo()} surroundings={surroundings(c)} />),
    );
  }

  pages.get('*', (c) => {
    throw new ApiError('not-found', `There is no page at ${c.req.path}.`);
  });

  pages.onError((error, c) => {
    const { message, status } = told(error, c.req.path, ports.report);
    return c.html(<ErrorPage message={message} surroundings={surroundings(c)} />, status);
  });

  return pages;
}
