import type { Config } from '../config/config.ts';
import { severities } from '../severity.ts';
import { testLasts } from '../test-alerts/alarm.ts';
import type { ChannelAnswer } from '../test-alerts/answers.ts';
import type { TestAlert } from '../test-alerts/testing.ts';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { incidentPath, monitorPath } from './links.tsx';
import { Ago } from './time.tsx';

/** Milliseconds after which an incident should have come of a test. */
const overdueMs = 90_000;

const states: Record<TestAlert['state'], string> = {
  waiting: 'No incident of it yet',
  firing: 'The alarm fires',
  over: 'It is over',
};

/** What came of a test alert: its incident, and what each channel answered. */
export function TestAlertPage({ test, surroundings }: { test: TestAlert; surroundings: Surroundings }) {
  const { id, monitor, startedAt, state, incident, answers, unanswered } = test;
  const { now } = surroundings;
  return (
    <Layout title="Test alert" section="/alarms" surroundings={surroundings}>
      <p class="crumbs">
        <a href="/alarms">Alarms</a>
      </p>
      <h1>Test alert</h1>
      <p class="line">
        <strong>{states[state]}</strong>
        <span class="soft">
          the alarm of <a href={monitorPath(monitor)}>{monitor}</a> was set <Ago at={startedAt} now={now} />
        </span>
        {incident && <a href={incidentPath(incident)}>Incident {incident}</a>}
      </p>
      {state === 'waiting' && now - startedAt > overdueMs && (
        <p class="banner warn">
          The alarm was set, and no incident came of it. See the page of alarms, and the runbook.
        </p>
      )}
      {state === 'firing' && (
        <section class="actions" aria-label="Actions">
          <form method="post" action={`/test-alert/${encodeURIComponent(id)}/end`}>
            <button type="submit">End it now</button>
          </form>
        </section>
      )}
      <section class="panel">
        <h2>What the channels answered</h2>
        {answers.length === 0 && <Empty>No function of ours tells these channels.</Empty>}
        {answers.length > 0 && <Answers answers={answers} />}
        {unanswered.map((channel) => (
          <p class="soft">{channel}: mailed by SNS to whoever confirmed, without an answer to show.</p>
        ))}
      </section>
      {state !== 'over' && (
        <p class="soft">
          It ends by itself within {Math.ceil(testLasts / 60_000) + 1} minutes, and its end is told as well.
        </p>
      )}
    </Layout>
  );
}

const Answers = ({ answers }: { answers: readonly ChannelAnswer[] }) => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Channel</th>
          <th scope="col">What</th>
          <th scope="col">Result</th>
          <th scope="col">Answer</th>
        </tr>
      </thead>
      <tbody>
        {answers.map(({ channel, event, result, status, detail }) => (
          <tr>
            <td>{channel}</td>
            <td>{event === 'firing' ? 'alert' : 'end'}</td>
            <td class={`result ${result}`}>{result}</td>
            <td>{[status, detail].filter((part) => part !== undefined).join(' · ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Sends a test to whoever incidents of a monitor, of a severity, or for a channel are told to. */
export const TestAlertForm = ({ config }: { config: Pick<Config, 'channels' | 'monitors'> }) => (
  <details id="test-alert" class="pausing">
    <summary>Send a test alert</summary>
    <form method="post" action="/test-alert">
      <label for="test">To whom</label>
      <select id="test" name="test">
        <option value="">all channels of some monitor</option>
        <optgroup label="A channel">
          {config.channels.map(({ id }) => (
            <option value={`channel ${id}`}>{id}</option>
          ))}
        </optgroup>
        <optgroup label="Whoever hears of a monitor">
          {config.monitors
            .filter(({ enabled }) => enabled)
            .map(({ id, name }) => (
              <option value={`monitor ${id}`}>{name}</option>
            ))}
        </optgroup>
        <optgroup label="Whoever hears of a severity">
          {severities.map((severity) => (
            <option value={`severity ${severity}`}>{severity}</option>
          ))}
        </optgroup>
      </select>
      <button type="submit">Send</button>
      <small>
        An alarm is set for real, and marked as a test. Everybody that its route names is told, and told the
        end.
      </small>
    </form>
  </details>
);

/** What the form says. */
export function wantedTest(choice: unknown): { monitor?: string; channel?: string; severity?: string } {
  const [, field, value] =
    (typeof choice === 'string' && /^(monitor|channel|severity) (.+)$/.exec(choice)) || [];
  return field === undefined ? {} : { [field]: value };
}
