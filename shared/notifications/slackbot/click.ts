import * as z from 'zod/mini';

/** Buttons of an incident's message: what each id asks for. */
const slackButtons = ['acknowledge', 'resolve', 'assign'] as const;

export type SlackButton = (typeof slackButtons)[number];

const known = z.object({
  type: z.literal('block_actions'),
  team: z.nullish(z.object({ id: z.string() })),
  user: z.object({
    id: z.string(),
    name: z.optional(z.string()),
    username: z.optional(z.string()),
    team_id: z.optional(z.string()),
  }),
  channel: z.object({ id: z.string() }),
  response_url: z.string(),
  actions: z.array(z.object({ action_id: z.string(), value: z.optional(z.string()) })),
});

/** A click on a button of ours. */
export interface SlackClick {
  button: SlackButton;
  incident: string;
  /** Where the message is. */
  channel: string;
  user: {
    id: string;
    name: string;
    /** Belongs to another workspace, which shares the channel. */
    isForeign: boolean;
  };
  /** Takes what is said to this person alone, for half an hour. */
  responseUrl: string;
}

/** The click that a form of Slack's tells of; undefined where it is about anything else. */
export function slackClick(form: string): SlackClick | undefined {
  const { data } = known.safeParse(parseJson(new URLSearchParams(form).get('payload') ?? ''));
  const action = data?.actions.find(({ action_id }) => isOurs(action_id));
  if (!data || !action?.value) return undefined;
  const { user, team, channel } = data;
  return {
    button: action.action_id as SlackButton,
    incident: action.value,
    channel: channel.id,
    user: {
      id: user.id,
      name: user.name ?? user.username ?? user.id,
      isForeign: team != null && user.team_id !== undefined && user.team_id !== team.id,
    },
    responseUrl: data.response_url,
  };
}

const isOurs = (id: string) => slackButtons.some((button) => button === id);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether an address is where Slack takes answers to clicks, and nowhere else. */
export function isResponseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === 'https:' && host === 'hooks.slack.com' && username === '' && password === '';
}
