import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { handle } from 'hono/aws-lambda';
import { createApp } from '../../shared/api/app.ts';
import { localPorts } from '../../shared/api/local.ts';
import type { Ports } from '../../shared/api/ports.ts';
import { alarmDescriber, alarmSwitch } from '../../shared/aws/cloudwatch.ts';
import { deploymentTable } from '../../shared/aws/deployment-table.ts';
import { documentClient } from '../../shared/aws/dynamodb.ts';
import { awsOf } from '../../shared/aws/environment.ts';
import { readEvidence } from '../../shared/aws/evidence.ts';
import { heartbeatTable } from '../../shared/aws/heartbeat-table.ts';
import { connectIncidents } from '../../shared/aws/incident-ports.ts';
import { overrideTable } from '../../shared/aws/override-table.ts';
import { connectPauses } from '../../shared/aws/pause-ports.ts';
import { probeRuns } from '../../shared/aws/probe-runs.ts';
import { type ReadSecret, secretReader } from '../../shared/aws/secrets.ts';
import { connectSuppressing } from '../../shared/aws/suppressing-ports.ts';
import type { Config } from '../../shared/config/config.ts';
import { secretPrefix } from '../../shared/config/secret.ts';
import { emptyRecord } from '../../shared/heartbeats/record.ts';
import { observedShardsOf } from '../../shared/heartbeats/shards.ts';
import { pingKey, pingUrl } from '../../shared/heartbeats/token.ts';
import { applyToIncident } from '../../shared/incidents/apply.ts';
import { confirmingShardsOf } from '../../shared/monitors/shards.ts';
import { pauseMonitor, resumeMonitor } from '../../shared/pauses/pausing.ts';
import { readEnvironment } from './env.ts';

/** Milliseconds Slack may take to be answered: it wants an answer of ours within three seconds. */
const answerMs = 1_500;

const environment = readEnvironment();
const aws = awsOf(environment);
const config: Config = JSON.parse(
  readFileSync(path.join(environment.LAMBDA_TASK_ROOT, 'config.json'), 'utf8'),
);
const logger = new Logger({ serviceName: 'api' });
const shards = [...observedShardsOf(config), ...confirmingShardsOf(config)];

const {
  ports: incidents,
  history,
  client,
} = connectIncidents(aws, environment, config, (message, error) => logger.warn(message, error as Error));
const pauses = connectPauses(aws, incidents, history);
const suppressing = connectSuppressing(client, environment, incidents);
const describeAlarms = alarmDescriber(aws);
const readSecret = secretReader(aws, '', Date.now);
const readOwnSecret: ReadSecret = (name) => readSecret(secretPrefix(config) + name);
const startRun = probeRuns(aws, history, config, environment.FUNCTION_PREFIX);
const heartbeats = heartbeatTable(documentClient(aws), environment.HISTORY_TABLE);

const ports: Ports = {
  config,
  now: Date.now,
  readNow: async () =>
    (await Promise.all(shards.map(({ location, id }) => history.readNow(location, id)))).flatMap(
      (item) => item ?? [],
    ),
  readRollups: async (period, from, to) => {
    const ids = [...new Set(observedShardsOf(config).map(({ id }) => id))];
    return (await Promise.all(ids.map((id) => history.readRollups(period, id, from, to)))).flat();
  },
  readEvidence: (monitor) => readEvidence(history, config, monitor),
  readScreenshot: history.readScreenshot,
  async readHeartbeat(monitor) {
    const [stored, pings, key] = await Promise.all([
      heartbeats.readRecord(monitor),
      heartbeats.readPings(monitor),
      readOwnSecret(pingKey),
    ]);
    const url = pingUrl(environment.CONSOLE_URL ?? '', key, monitor);
    return { record: stored?.record ?? emptyRecord, pings, url };
  },
  listOpenIncidents: async () => {
    const ids = await incidents.table.listOpen();
    return (await Promise.all(ids.map(incidents.table.readIncident))).flatMap((incident) => incident ?? []);
  },
  listIncidents: (limit) => incidents.table.list({ limit }),
  listIncidentsBetween: incidents.table.listBetween,
  readIncident: incidents.table.readWhole,
  readLedger: incidents.table.readLedger,
  act: (incident, action) => applyToIncident(incidents, incident, action),
  readPauses: history.readPauses,
  pause: (pause) => pauseMonitor(pauses, pause),
  resume: (monitor) => resumeMonitor(pauses, monitor),
  ...suppressing,
  deployments: deploymentTable(client, environment.INCIDENTS_TABLE),
  overrides: {
    ...overrideTable(client, environment.INCIDENTS_TABLE),
    newLetters: () => randomUUID().slice(0, 8),
  },
  startRun: async (wanted) => {
    const run = { id: randomUUID(), ...wanted };
    await startRun(run);
    return run.id;
  },
  readRun: history.readRun,
  readMeanwhile: history.readMeanwhile,
  describeAlarms: () => describeAlarms({ prefix: `${config.name}/` }),
  alarms: {
    describeAlarm: async (name) => (await describeAlarms({ names: [name] }))[0],
    setAlarm: alarmSwitch(aws).setState,
  },
  readAdminToken: () => readSecret(environment.ADMIN_TOKEN_PARAMETER),
  readSecret: readOwnSecret,
  answerSlack: (channel, url, body) =>
    fetch(environment.TOCSIN_LOCAL ? outboxUrl(channel, url) : url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(answerMs),
    }),
  report: (error, path) => logger.error('request failed', { path, error }),
  ...(environment.TOCSIN_LOCAL && { local: localPorts(environment.TOCSIN_LOCAL) }),
  ...(environment.DASHBOARD_URL && { dashboardUrl: environment.DASHBOARD_URL }),
};

/** Where the local runtime takes what is for Slack. */
const outboxUrl = (channel: string, url: string) =>
  `${environment.AWS_ENDPOINT_URL}/outbox/${channel}?to=${encodeURIComponent(url)}`;

/** Serves API and console behind the HTTP API. */
export const handler = handle(createApp(ports));
