import type { Runtime, Service } from '../service.ts';
import { alarmOperations } from './alarm-operations.ts';
import { type Alarms, createAlarms, type PublishAlarm } from './alarms.ts';
import { readEmf } from './emf.ts';
import { metricOperations } from './metric-operations.ts';
import { type Measurement, openMetricStore } from './metric-store.ts';
import { serviceOf } from './operations.ts';

export interface CloudWatch extends Service {
  /** A line of a function's output: kept as metrics where it is EMF, counted in `AWS/Logs` where it is broken EMF. */
  ingest(logGroup: string, line: string): void;
  /** What an AWS service tells of itself, e.g. `AWS/Lambda` `Errors`. */
  record(measurement: Measurement): void;
  alarms: Alarms;
  close(): void;
}

export interface CloudWatchOptions {
  /** Publishes an alarm's notification to an SNS topic. */
  publish: PublishAlarm;
  /** What other services measure of themselves, asked every minute and booked on the minute that ended. */
  gauges(): Measurement[];
}

/** CloudWatch metrics and alarms on the runtime's clock. */
export function createCloudWatch(runtime: Runtime, { publish, gauges }: CloudWatchOptions): CloudWatch {
  const store = openMetricStore(runtime);
  const measure = () => {
    const time = runtime.clock.now() - 60_000;
    for (const measurement of gauges()) store.add({ ...measurement, time });
  };
  const alarms = createAlarms(runtime, store, measure, publish);
  const service = serviceOf('CloudWatch', {
    ...metricOperations(store, () => runtime.clock.now()),
    ...alarmOperations(runtime, alarms),
  });
  return {
    ...service,
    alarms,
    record: (measurement) => store.add(measurement),
    ingest(logGroup, line) {
      const document = readEmf(line, runtime.clock.now());
      if (document?.kind === 'metrics')
        for (const measurement of document.measurements) store.add(measurement);
      if (document?.kind !== 'broken') return;
      runtime.log(`${logGroup}: EMF document dropped: ${document.reason}`);
      const dimensions = { LogGroupName: logGroup };
      store.add({ namespace: 'AWS/Logs', name: document.error, dimensions, unit: 'Count', values: [1] });
    },
    close() {
      alarms.close();
      store.close();
    },
  };
}
