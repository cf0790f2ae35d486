/** What one unit of something costs in us-east-1, in USD. */
export interface Price {
  /** What it is called on a bill that people read. */
  name: string;
  unit: string;
  usd: number;
  /** Units a month that every account gets for nothing, without an end. Default none. */
  free?: number;
  /** Cheaper prices of further units: how many come before them, and their price. */
  beyond?: readonly (readonly [units: number, usd: number])[];
  source: string;
}

/** The month these list prices of us-east-1 are of; other Regions differ by up to some 30 %. */
export const pricesOf = '2026-08';

const cloudwatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

export const prices = {
  alarm: { name: 'alarms', unit: 'alarm', usd: 0.1, free: 10, source: cloudwatch },
  /** Of a period below a minute. */
  fastAlarm: { name: 'alarms of high resolution', unit: 'alarm', usd: 0.3, source: cloudwatch },
  /** Billed by the hour it has data in: a metric with data in one of a hundred hours is 0.01. */
  metric: {
    name: 'metrics',
    unit: 'metric',
    usd: 0.3,
    free: 10,
    beyond: [
      [10_000, 0.1],
      [250_000, 0.05],
      [1_000_000, 0.02],
    ],
    source: cloudwatch,
  },
  /** With at most 50 metrics; only these are free. */
  smallDashboard: { name: 'dashboards', unit: 'dashboard', usd: 3, free: 3, source: cloudwatch },
  dashboard: { name: 'dashboards', unit: 'dashboard', usd: 3, source: cloudwatch },
  monitoringRequest: {
    name: 'requests to CloudWatch',
    unit: 'request',
    usd: 0.01 / 1_000,
    free: 1_000_000,
    source: cloudwatch,
  },
  /** Written by Lambda, including documents of metrics. */
  logs: { name: 'logs', unit: 'GB', usd: 0.5, free: 5, source: cloudwatch },
  /** On arm64, cold starts included. */
  compute: { name: 'Lambda compute', unit: 'GB-second', usd: 0.0000133334, free: 400_000, source: lambda },
  /** On x86_64, for browsers. What AWS gives for nothing is counted with arm64. */
  browserCompute: {
    name: 'Lambda compute of browsers',
    unit: 'GB-second',
    usd: 0.0000166667,
    source: lambda,
  },
  /** Of a function's disk, beyond the first 512 MB. */
  disk: { name: 'Lambda disk', unit: 'GB-second', usd: 0.0000000309, source: lambda },
  invocation: {
    name: 'Lambda invocations',
    unit: 'invocation',
    usd: 0.2 / 1e6,
    free: 1_000_000,
    source: lambda,
  },
  schedule: {
    name: 'schedules',
    unit: 'invocation',
    usd: 1 / 1e6,
    free: 14_000_000,
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  /** A call of up to 64 kB, also one that finds nothing. */
  queueRequest: {
    name: 'queues',
    unit: 'request',
    usd: 0.4 / 1e6,
    free: 1_000_000,
    source: 'https://aws.amazon.com/sqs/pricing/',
  },
  publish: {
    name: 'incident events',
    unit: 'message',
    usd: 0.5 / 1e6,
    free: 1_000_000,
    source: 'https://aws.amazon.com/sns/pricing/',
  },
  /** On a bus of the account's own. */
  busEvent: {
    name: 'events on a bus',
    unit: 'event',
    usd: 1 / 1e6,
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  mail: { name: 'mail', unit: 'mail', usd: 0.1 / 1_000, source: 'https://aws.amazon.com/ses/pricing/' },
  /** Of 1 kB. */
  tableWrite: { name: 'tables', unit: 'write', usd: 0.625 / 1e6, source: dynamodb },
  /** Of 4 kB, strongly consistent; half of one otherwise. */
  tableRead: { name: 'tables', unit: 'read', usd: 0.125 / 1e6, source: dynamodb },
  tableStorage: { name: 'tables', unit: 'GB', usd: 0.25, free: 25, source: dynamodb },
  /** Point-in-time recovery. */
  tableBackup: { name: 'tables', unit: 'GB', usd: 0.2, source: dynamodb },
  key: { name: 'key', unit: 'key', usd: 1, source: 'https://aws.amazon.com/kms/pricing/' },
  keyRequest: {
    name: 'key',
    unit: 'request',
    usd: 0.03 / 10_000,
    free: 20_000,
    source: 'https://aws.amazon.com/kms/pricing/',
  },
  webRequest: {
    name: 'console and API',
    unit: 'request',
    usd: 1 / 1e6,
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  /** In one zone. */
  interfaceEndpoint: {
    name: 'network',
    unit: 'endpoint',
    usd: 0.01 * 730,
    source: 'https://aws.amazon.com/privatelink/pricing/',
  },
  natGateway: {
    name: 'network',
    unit: 'gateway',
    usd: 0.045 * 730,
    source: 'https://aws.amazon.com/vpc/pricing/',
  },
  /** From AWS to the internet; what comes in is free. */
  transfer: {
    name: 'transfer to the internet',
    unit: 'GB',
    usd: 0.09,
    free: 100,
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer',
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;

/** USD of this many units a month, cheaper tiers considered, the free ones not. */
export function tieredUsd({ usd, beyond = [] }: Price, quantity: number): number {
  const starts: (readonly [units: number, usd: number])[] = [[0, usd], ...beyond];
  return starts.reduce((sum, [from, price], n) => {
    const to = starts[n + 1]?.[0] ?? Number.POSITIVE_INFINITY;
    return sum + Math.max(0, Math.min(quantity, to) - from) * price;
  }, 0);
}
