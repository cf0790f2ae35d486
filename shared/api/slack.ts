import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Config } from '../config/config.ts';
import type { Action } from '../incidents/apply.ts';
import { escaped } from '../notifications/slack/escape.ts';
import { type Buttoned, buttonedChannels } from '../notifications/slackbot/buttoned-channels.ts';
import { isResponseUrl, type SlackClick, slackClick } from '../notifications/slackbot/click.ts';
import { isSlacks, type SlackRequest } from '../notifications/slackbot/signature.ts';
import { cut, oneLine } from '../notifications/text.ts';
import { ApiError, told } from './errors.ts';
import type { Ports } from './ports.ts';

/** Largest body, in bytes: Slack sends the whole message back, as a form of JSON. */
const maxBytes = 262_144;

const path = '/slack/interactions';

/**
 * Where Slack brings clicks; only where a channel has buttons. What a click asks for is done before Slack is answered, which waits three
 * seconds. Doing it again changes nothing, so repeats do no harm. Why it cannot be done is told to whoever clicked, alone.
 */
export function slackRoutes(ports: Ports): Hono {
  const routes = new Hono();
  const buttoned = buttonedChannels(ports.config);
  if (buttoned.length === 0) return routes;
  const onError = () => {
    throw new ApiError('too-large', `the body is larger than ${maxBytes} bytes`);
  };
  routes.post(path, bodyLimit({ maxSize: maxBytes, onError }), async (c) => {
    const request = {
      timestamp: c.req.header('x-slack-request-timestamp'),
      signature: c.req.header('x-slack-signature'),
      body: new Uint8Array(await c.req.arrayBuffer()),
    };
    const signers = await signersOf(request, buttoned, ports);
    if (signers.length === 0) throw new ApiError('unauthorized', 'this is not signed by Slack, or too old');
    const click = slackClick(new TextDecoder().decode(request.body));
    if (click) await handle(click, signers, ports);
    return c.body(null, 200);
  });
  return routes;
}

/** Channels of the app that signed a request. A secret that is missing keeps out the clicks of its own channels alone. */
async function signersOf(
  request: SlackRequest,
  buttoned: Buttoned[],
  { readSecret, report, now }: Ports,
): Promise<Buttoned[]> {
  const signers = buttoned.map(async (channel) => {
    try {
      const secret = (await readSecret(channel.signingSecret.secret)).trim();
      return isSlacks(request, secret, now()) ? [channel] : [];
    } catch (error) {
      report(error as Error, path);
      return [];
    }
  });
  return (await Promise.all(signers)).flat();
}

async function handle(click: SlackClick, signers: Buttoned[], ports: Ports): Promise<void> {
  const from = signers.find(({ channel }) => channel === click.channel);
  try {
    await ports.act(click.incident, actionOf(click, from, ports.config));
  } catch (error) {
    const { message } = told(error as Error, path, ports.report);
    await answer(click, from ?? signers[0]!, message, ports);
  }
}

/** What a click asks for. @throws ApiError where whoever clicked may not */
function actionOf(
  { button, channel, user }: SlackClick,
  from: Buttoned | undefined,
  { people }: Config,
): Action {
  if (!from) throw new ApiError('unauthorized', `the config has no channel ${channel} with buttons`);
  const person = people.find(({ slack }) => slack === user.id);
  if (!person && (from.buttonsFor === 'people' || user.isForeign))
    throw new ApiError(
      'unauthorized',
      `only people of the config may do this here; yours is the Slack member id ${user.id}`,
    );
  const actor = person?.name ?? (cut(oneLine(user.name), 100) || user.id);
  if (button !== 'assign') return { type: button, actor };
  if (!person && people.length > 0)
    throw new ApiError(
      'unauthorized',
      `an incident is assigned to people of the config; yours is the Slack member id ${user.id}`,
    );
  return { type: button, actor, assignee: person?.id ?? actor };
}

/** Tells whoever clicked, and nobody else. That it cannot be told is no error of theirs. */
async function answer(
  { responseUrl }: SlackClick,
  { id }: Buttoned,
  message: string,
  { answerSlack, report }: Ports,
): Promise<void> {
  if (!isResponseUrl(responseUrl)) return;
  const text = `That did not work: ${escaped(message, 1_000)}.`;
  await answerSlack(id, responseUrl, {
    response_type: 'ephemeral',
    replace_original: false,
    text,
  }).catch((error) => report(error, path));
}
