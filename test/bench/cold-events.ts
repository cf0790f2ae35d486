import type { FunctionName } from '../../infra/bundles.ts';

const at = Date.parse('2026-11-20T05:00:00Z');
const arnOf = (name: string) => `arn:aws:sqs:eu-central-1:123456789012:${name}`;

/** Messages of a queue as Lambda hands them over. */
const fromQueue = (queue: string, body: object) => ({
  Records: [
    {
      messageId: '1',
      receiptHandle: 'r',
      body: JSON.stringify(body),
      attributes: { SentTimestamp: String(at), ApproximateReceiveCount: '1' },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: arnOf(queue),
      awsRegion: 'eu-central-1',
    },
  ],
});

const batch = {
  version: 1,
  location: 'home',
  shard: '10s-0',
  slot: at,
  observations: [{ monitor: 'website', at, outcome: 'up', responseTime: 12.3, status: 200 }],
};

const alarm = {
  AlarmName: 'bench/monitor/website',
  AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:bench/monitor/website',
  NewStateValue: 'ALARM',
  OldStateValue: 'OK',
  NewStateReason: 'Threshold Crossed',
  StateChangeTime: '2026-11-20T05:00:00.000+0000',
  Trigger: { MetricName: 'Failed', Namespace: 'Tocsin/bench' },
};

const incidentEvent = {
  version: 1,
  id: '01J/1',
  sequence: 1,
  type: 'firing',
  at,
  system: 'bench',
  incident: {
    id: '01J',
    subject: { type: 'monitor', id: 'website' },
    severity: 'critical',
    title: 'website is down',
    labels: {},
    openedAt: at,
    firing: 1,
    revision: 1,
  },
  receivers: ['ops', 'oncall'],
  links: {},
};

const apiRequest = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/api/monitors',
  rawQueryString: '',
  headers: { authorization: 'Bearer bench', host: 'api.example.com', 'x-forwarded-proto': 'https' },
  requestContext: {
    domainName: 'api.example.com',
    requestId: 'bench',
    stage: '$default',
    http: {
      method: 'GET',
      path: '/api/monitors',
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      userAgent: 'bench',
    },
  },
  isBase64Encoded: false,
};

const ping = {
  ...apiRequest,
  rawPath: '/ping/an-unknown-token',
  requestContext: {
    ...apiRequest.requestContext,
    timeEpoch: at,
    http: { ...apiRequest.requestContext.http, path: '/ping/an-unknown-token' },
  },
};

/** What a cold start is allowed to cost, and what it is asked to do. */
export interface ColdStart {
  event: object;
  /** Milliseconds from the start of the process to this moment. */
  until: 'returned' | 'first AWS call';
  maxMs: number;
  maxBytes: number;
}

const ordinary = { until: 'first AWS call', maxMs: 75, maxBytes: 600_000 } as const;

/** One entry for each function that is bundled: the bench fails for one that has none. */
export const coldStarts: Record<string, ColdStart> = {
  'probe-home': {
    event: { shard: '60s-0', time: new Date(at).toISOString() },
    until: 'returned',
    maxMs: 45,
    maxBytes: 250_000,
  },
  'record-observations': { event: fromQueue('observations', { ...batch, shard: '60s-0' }), ...ordinary },
  'track-incidents': { event: fromQueue('alarms', alarm), ...ordinary },
  reconcile: { event: {}, ...ordinary },
  'receive-heartbeat': { event: ping, ...ordinary },
  'judge-heartbeats': { event: { time: new Date(at).toISOString() }, ...ordinary },
  api: { event: apiRequest, ...ordinary },
  'notify-slack': { event: fromQueue('notify-slack', incidentEvent), ...ordinary },
  'notify-email': { event: fromQueue('notify-email', incidentEvent), ...ordinary },
} satisfies Partial<Record<FunctionName, ColdStart>>;
