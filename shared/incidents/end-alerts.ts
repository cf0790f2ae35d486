import { applyEvent, type IncidentPorts } from './apply.ts';
import type { Alert } from './incident.ts';
import { subjectOf } from './parse-alarm.ts';

/** Ends what fires of these alarms in any open incident, as if they had recovered: CloudWatch will not say so. */
export async function endAlerts(
  ports: IncidentPorts,
  names: readonly string[],
  reason: string,
): Promise<void> {
  const { table } = ports;
  const alerts = (await table.listFiring()).flatMap(({ alert }) => alert ?? []);
  for (const alert of alerts) if (names.includes(alert.name)) await endAlert(ports, alert, reason);
}

async function endAlert(ports: IncidentPorts, { alarm: key, name }: Alert, reason: string): Promise<void> {
  const { config, now } = ports;
  const subject = subjectOf(name, key, config.name);
  const signal = { form: 'reconciled', key, name, state: 'OK', at: now(), reason, subject } as const;
  await applyEvent(ports, { type: 'alarm', signal });
}
