import { type FakeProvider, serveProvider, type Told } from './fake-provider.ts';

export const routingKey = 'R0UT1NGKEY0123456789DECOY0123456';

/** An alert: PagerDuty opens another one of the same key once it is resolved. */
export interface PagerDutyAlert {
  key: string;
  state: 'triggered' | 'acknowledged' | 'resolved';
  summary: string;
  severity: string;
  /** Triggers that were appended to it. */
  triggers: number;
}

export interface FakePagerDuty extends FakeProvider {
  alerts: PagerDutyAlert[];
}

const accepted: Told = { status: 202, body: { status: 'success', message: 'Event processed' } };

const invalid = (...errors: string[]): Told => ({
  status: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors },
});

/** PagerDuty's Events API v2: what comes before its trigger is dropped, with 202 all the same. */
export async function servePagerDuty(): Promise<FakePagerDuty> {
  const alerts: PagerDutyAlert[] = [];
  const provider = await serveProvider(({ url, body }) => {
    if (url.pathname !== '/v2/enqueue') return { status: 404, body: '' };
    const { routing_key, event_action, dedup_key = '', payload } = JSON.parse(body);
    if (routing_key !== routingKey) return invalid('Invalid routing key');
    if (dedup_key.length > 255) return invalid("'dedup_key' is too long");
    const open = alerts.find(({ key, state }) => key === dedup_key && state !== 'resolved');
    if (event_action === 'trigger') return trigger(open, dedup_key, payload);
    if (!dedup_key) return invalid("'dedup_key' is missing or blank");
    if (event_action !== 'acknowledge' && event_action !== 'resolve')
      return invalid("'event_action' is invalid");
    if (open) open.state = event_action === 'resolve' ? 'resolved' : 'acknowledged';
    return accepted;
  });

  function trigger(
    open: PagerDutyAlert | undefined,
    key: string,
    payload: Record<string, string> = {},
  ): Told {
    const { summary, source, severity } = payload;
    if (!summary || summary.length > 1_024) return invalid("'payload.summary' is missing or too long");
    if (!source) return invalid("'payload.source' is missing or blank");
    if (!severity || !['critical', 'error', 'warning', 'info'].includes(severity))
      return invalid("'payload.severity' is invalid");
    if (open) Object.assign(open, { summary, severity, triggers: open.triggers + 1 });
    else alerts.push({ key, state: 'triggered', summary, severity, triggers: 1 });
    return accepted;
  }

  return { ...provider, alerts };
}
