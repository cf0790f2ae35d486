import * as z from 'zod/mini';
import { OutwardLink } from './links.tsx';

const text = z.object({ type: z.string(), text: z.string() });

/** A button is shown by its words. */
const button = z.pipe(
  z.object({ text }),
  z.transform(({ text }) => text),
);

const block = z.object({
  type: z.string(),
  text: z.optional(text),
  fields: z.optional(z.array(text)),
  elements: z.optional(z.array(z.union([text, button]))),
});

const message = z.object({
  blocks: z.optional(z.array(block)),
  attachments: z.optional(z.array(z.object({ blocks: z.optional(z.array(block)) }))),
});

type Text = z.infer<typeof text>;
type Block = z.infer<typeof block>;

/** The blocks of a Slack message, its attachments' included; empty where this is none. */
export function slackBlocks(payload: unknown): Block[] {
  const parsed = message.safeParse(payload);
  if (!parsed.success) return [];
  const { blocks = [], attachments = [] } = parsed.data;
  return [...blocks, ...attachments.flatMap((one) => one.blocks ?? [])];
}

/** A Slack message as its reader sees it, near enough. */
export const SlackMessage = ({ blocks }: { blocks: readonly Block[] }) => (
  <div class="slack">
    {blocks.map(({ type, text, fields, elements = [] }) => (
      <div class={type}>
        {text && <Words text={text} />}
        {fields && (
          <ul>
            {fields.map((field) => (
              <li>
                <Words text={field} />
              </li>
            ))}
          </ul>
        )}
        {elements.map((element) => (
          <Words text={element} />
        ))}
      </div>
    ))}
  </div>
);

const Words = ({ text: { type, text } }: { text: Text }) =>
  type === 'mrkdwn' ? <Mrkdwn text={text} /> : <span>{text}</span>;

/** Of Slack's markup what our messages use: ```` ```blocks``` ````, `` `code` ``, `*bold*`, `<url|words>`, `<!date^…|words>`. */
const markup = /```([\s\S]+?)```|`([^`\n]+)`|\*([^*\n]+)\*|<([^|>]+)\|([^>]+)>/g;

export function Mrkdwn({ text }: { text: string }) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(markup)) {
    const [whole, pre, code, bold, target, words = ''] = match;
    parts.push(plain(text.slice(end, match.index)));
    if (pre) parts.push(<pre>{plain(pre)}</pre>);
    else if (code) parts.push(<code>{plain(code)}</code>);
    else if (bold) parts.push(<strong>{plain(bold)}</strong>);
    else if (target) parts.push(<OutwardLink to={plain(target)}>{plain(words)}</OutwardLink>);
    end = match.index + whole.length;
  }
  parts.push(plain(text.slice(end)));
  return <>{parts}</>;
}

/** Slack's three escapes undone: what is written here is escaped for HTML anyway. */
const plain = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
