import type { JudgedHeartbeat } from '../api/gather.ts';
import { formatDuration } from '../duration.ts';
import type { HeartbeatState } from '../heartbeats/judge.ts';
import type { Ping } from '../heartbeats/record.ts';
import { graceOf, runtimeOf } from '../heartbeats/schedule.ts';
import type { HeartbeatSettings } from '../monitors/heartbeat/settings.ts';
import { Empty } from './layout.tsx';
import { Ago, Moment } from './time.tsx';

const states: Record<HeartbeatState, string> = {
  new: 'Waiting for its first success',
  up: 'On time',
  started: 'Running',
  late: 'Late, within its grace',
  down: 'Down',
};

interface HeartbeatPanelProps {
  heartbeat: JudgedHeartbeat;
  now: number;
}

/** What a job said of itself, when it is due next, and where it pings. */
export const HeartbeatPanel = ({ heartbeat: { verdict, record, pings, url }, now }: HeartbeatPanelProps) => (
  <section class="panel">
    <h2>Pings</h2>
    <dl class="facts">
      <div>
        <dt>State</dt>
        <dd>{states[verdict.state]}</dd>
      </div>
      {verdict.expectedAt !== undefined && Number.isFinite(verdict.expectedAt) && (
        <div>
          <dt>Next success expected</dt>
          <dd>
            <Ago at={verdict.expectedAt} now={now} />
          </dd>
        </div>
      )}
      {record.success && (
        <div>
          <dt>Last success</dt>
          <dd>
            <Ago at={record.success.at} now={now} />
          </dd>
        </div>
      )}
    </dl>
    <p>At the end of the job; its output may go along:</p>
    <pre>{`curl -fsS -m 10 --retry 5 -o /dev/null ${url}/$?`}</pre>
    <p class="soft">
      Also <code>{url}</code> for a success, <code>/start</code> before the run, <code>/fail</code>,{' '}
      <code>/log</code>; <code>?rid=…</code> tells runs apart that overlap. Whoever has this address may ping.
    </p>
    {pings.length === 0 && <Empty>Its pings of the last 30 days appear here.</Empty>}
    {pings.length > 0 && (
      <ul class="pings">
        {pings.map((ping) => (
          <PingRow ping={ping} now={now} />
        ))}
      </ul>
    )}
  </section>
);

const PingRow = ({ ping: { at, signal, exitCode, run, body }, now }: { ping: Ping; now: number }) => (
  <li>
    <Moment at={at} now={now} /> <strong>{signal}</strong>
    {exitCode !== undefined && ` exit code ${exitCode}`}
    {run !== undefined && (
      <>
        {' '}
        run <code>{run}</code>
      </>
    )}
    {body && (
      <details id={`ping-${at}-${signal}`}>
        <summary>Output</summary>
        <pre>{body}</pre>
      </details>
    )}
  </li>
);

/** When a success is due, as its config has it. */
export const HeartbeatSchedule = ({ settings }: { settings: HeartbeatSettings }) => (
  <>
    <div>
      <dt>Success expected</dt>
      <dd>
        {settings.cron === undefined ? (
          `every ${formatDuration(settings.period ?? 0)}`
        ) : (
          <>
            <code>{settings.cron}</code> {settings.zone}
          </>
        )}
      </dd>
    </div>
    <div>
      <dt>Grace</dt>
      <dd>{formatDuration(graceOf(settings))}</dd>
    </div>
    <div>
      <dt>A run may take</dt>
      <dd>{formatDuration(runtimeOf(settings))}</dd>
    </div>
  </>
);
