import type { DescribedAlarm } from '../aws/cloudwatch.ts';
import type { Config } from '../config/config.ts';
import type { AlarmState } from '../incidents/incident.ts';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { AlarmBadge } from './state.tsx';
import { TestAlertForm } from './test-alert-page.tsx';
import { Since } from './time.tsx';

const urgency: Record<AlarmState, number> = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 };

interface AlarmsPageProps {
  alarms: readonly DescribedAlarm[];
  config: Config;
  surroundings: Surroundings;
}

/** CloudWatch's alarms of this system, firing ones first. */
export function AlarmsPage({ alarms, config, surroundings }: AlarmsPageProps) {
  const sorted = alarms.toSorted(
    (a, b) => urgency[a.state] - urgency[b.state] || a.name.localeCompare(b.name),
  );
  const firing = alarms.filter(({ state }) => state === 'ALARM').length;
  return (
    <Layout title="Alarms" section="/alarms" surroundings={surroundings}>
      <h1>{firing === 0 ? 'No alarm is firing' : `${firing} of ${alarms.length} alarms firing`}</h1>
      {alarms.length === 0 && (
        <Empty>No alarms. Each monitor of the config has one, made by the deployment.</Empty>
      )}
      {config.monitors.some(({ enabled }) => enabled) && (
        <section class="actions" aria-label="Actions">
          <TestAlertForm config={config} />
        </section>
      )}
      <ul class="rows alarms">
        {sorted.map(({ name, state, reason, since, actionsEnabled }) => (
          <li>
            <AlarmBadge state={state} />
            <strong>{name}</strong>
            {!actionsEnabled && <span class="severity">actions off</span>}
            <span class="soft">{since !== undefined && <Since at={since} now={surroundings.now} />}</span>
            <p>{reason}</p>
          </li>
        ))}
      </ul>
    </Layout>
  );
}
