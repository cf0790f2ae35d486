import type { OutboxEntry } from '../api/ports.ts';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { SlackMessage, slackBlocks } from './slack-message.tsx';
import { Ago } from './time.tsx';

interface OutboxPageProps {
  entries: readonly OutboxEntry[];
  surroundings: Surroundings;
}

/** Every notification the local runtime sent or captured, newest first. */
export const OutboxPage = ({ entries, surroundings }: OutboxPageProps) => (
  <Layout title="Outbox" section="/outbox" surroundings={surroundings}>
    <h1>{entries.length === 0 ? 'Nobody was told anything yet' : 'What people were told'}</h1>
    {entries.length === 0 && (
      <Empty>
        When an incident opens or ends, each Slack message and mail appears here, whether it was really sent
        or captured because its secret is not set.
      </Empty>
    )}
    {entries
      .toSorted((a, b) => b.at.localeCompare(a.at))
      .map((entry) => (
        <Notification entry={entry} now={surroundings.now} />
      ))}
  </Layout>
);

const Notification = ({ entry, now }: { entry: OutboxEntry; now: number }) => {
  const { channel, to, subject, text, at, request, response } = entry;
  const blocks = slackBlocks(payloadOf(request));
  return (
    <article class="panel notification">
      <h2>
        {channel} <small>to {to}</small>
        <small>
          <Ago at={Date.parse(at)} now={now} />, {outcome(response)}
        </small>
      </h2>
      {subject && <p class="subject">{subject}</p>}
      {blocks.length > 0 ? <SlackMessage blocks={blocks} /> : <pre>{text}</pre>}
      <details id={`request-${channel}-${at}`}>
        <summary>Request and response</summary>
        <pre>{printed(request)}</pre>
        <pre>{`${response.status} ${response.body}`}</pre>
      </details>
    </article>
  );
};

const outcome = ({ delivery, status }: OutboxEntry['response']) =>
  delivery === 'captured' ? 'captured here' : `sent, answered ${status}`;

/** The JSON that was posted, where it was JSON. */
function payloadOf(request: unknown): unknown {
  const body = typeof request === 'object' && request !== null && 'body' in request ? request.body : request;
  return typeof body === 'string' ? parsed(body) : body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const printed = (value: unknown) =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'none');
