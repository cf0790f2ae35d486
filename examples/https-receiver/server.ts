import { createServer } from 'node:http';
import { receiver } from './receiver.ts';

/*
 * node examples/https-receiver/server.ts <ARN of incident-events>
 * Put it behind a TLS proxy, and its address into the config: subscribers: { https: ['https://alerts.example.com/'] }
 */

const [topicArn] = process.argv.slice(2);
if (!topicArn) throw new Error('which topic? npx cdk deploy prints IncidentEventsTopicArn');

const certificates = new Map<string, Promise<string>>();

/** SNS changes its certificate rarely: one request for each. */
async function read(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}

function readCertificate(url: string): Promise<string> {
  const known = certificates.get(url) ?? read(url);
  certificates.set(url, known);
  known.catch(() => certificates.delete(url));
  return known;
}

createServer(
  receiver({
    topicArn,
    now: Date.now,
    readCertificate,
    confirm: async (url) => void (await read(url)),
    onEvent: async ({ type, incident }) =>
      console.log(`${type}: ${incident.title} (${incident.severity}, ${incident.id})`),
  }),
).listen(8080, '127.0.0.1');
