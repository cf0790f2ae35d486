import { awsOf } from '../../shared/aws/environment.ts';
import { readParameter } from '../../shared/aws/parameters.ts';
import { secretReader } from '../../shared/aws/secrets.ts';
import { sendMessage } from '../../shared/aws/sqs.ts';
import type { ValidateJson } from '../../shared/conditions/json-schema.ts';
import { namespaceOf } from '../../shared/metrics/catalog.ts';
import { writeEmf } from '../../shared/metrics/emf.ts';
import { messageOf } from '../../shared/monitors/batch.ts';
import type { MonitorKinds } from '../../shared/monitors/kind.ts';
import { createResolve } from '../../shared/monitors/network/resolver.ts';
import { isOurFault, type ObservationBatch } from '../../shared/monitors/observation.ts';
import { type Probe, runConfirming, runRequested, runScheduled } from '../../shared/monitors/probe.ts';
import { parseProbeEvent } from '../../shared/monitors/probe-event.ts';
import { shardFiles } from '../../shared/monitors/shard-files.ts';
import { pausedBy, pauseNotice } from '../../shared/pauses/notice.ts';
import { readEnvironment } from './env.ts';

/**
 * The probe of one location.
 * @param kinds those of the location's monitors; its entry is generated, so that it loads no others
 * @param validateJson where one of them has a JSON Schema
 */
export function createHandler(
  kinds: MonitorKinds,
  validateJson?: ValidateJson,
  environment = readEnvironment(),
) {
  const aws = awsOf(environment);
  const home = { ...aws, region: environment.HOME_REGION };
  const files = shardFiles(environment.LAMBDA_TASK_ROOT);
  const probe: Omit<Probe, 'send' | 'witness'> = {
    kinds,
    location: environment.LOCATION,
    reach: environment.REACH,
    isLocal: environment.TOCSIN_LOCAL !== undefined,
    now: () => Date.now(),
    ...(environment.TOCSIN_LOCAL === undefined && { credentials: aws }),
    readSecret: secretReader(home, environment.SECRET_PREFIX, () => Date.now()),
    browser: {
      assets: environment.LAMBDA_TASK_ROOT,
      ...(environment.TOCSIN_CHROMIUM && { chromium: environment.TOCSIN_CHROMIUM }),
    },
    resolve: createResolve(),
    ...(validateJson && { validateJson }),
  };

  /** Sends a batch to the home Region's queue; what is wrong with ourselves is reported here as well. */
  const sender = (name: string) => async (batch: ObservationBatch) => {
    reportFaults(name, batch);
    await sendMessage(aws, environment.OBSERVATIONS_QUEUE_URL, messageOf(batch));
  };

  /** Monitors to leave alone. Where that cannot be told all are checked: home leaves out what is seen of a paused one. */
  const readPaused = () =>
    readParameter(home, environment.SECRET_PREFIX + pauseNotice).then(
      (notice) => pausedBy(notice ?? '', Date.now()),
      () => pausedBy('', 0),
    );

  /** Checks the monitors of a shard on schedule, or some on request, and sends what was found home. */
  return async function handler(event: unknown): Promise<void> {
    const wanted = parseProbeEvent(event);
    if ('confirm' in wanted) {
      const { name, witness, shard } = files.one(wanted.shard);
      await runConfirming({ ...probe, witness, send: sender(name) }, shard, wanted);
      return;
    }
    if ('shard' in wanted) {
      const { name, witness, shard } = files.one(wanted.shard);
      const paused = await readPaused();
      const monitors = shard.monitors.filter(({ id }) => !paused.has(id));
      const own = { ...probe, witness, send: sender(name) };
      await runScheduled(own, { ...shard, monitors }, Date.parse(wanted.time));
      return;
    }
    const all = files.all();
    const shards = all.map(({ shard }) => shard);
    const { name = '', witness = [] } = all[0] ?? {};
    const own = { ...probe, witness, send: sender(name) };
    const unknown = await runRequested(own, shards, wanted.check, wanted.requestId);
    if (unknown.length > 0)
      logError('no such monitor here', { monitors: unknown, requestId: wanted.requestId });
  };
}

function reportFaults(name: string, { observations }: ObservationBatch): void {
  const unable = observations.filter(isOurFault);
  for (const { monitor, reason, message } of unable)
    logError('check not possible', { monitor, reason, message });
  if (!unable.some(({ reason }) => reason === 'secret-missing')) return;
  const values = { SecretMissing: 1 };
  writeEmf({ namespace: namespaceOf(name), at: Date.now(), dimensions: { service: 'probe' }, values });
}

function logError(message: string, details: object): void {
  console.error(JSON.stringify({ level: 'ERROR', function: 'probe', message, ...details }));
}
