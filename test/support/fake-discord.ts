import { type DiscordMessage, discordLimits } from '../../shared/notifications/discord/message.ts';
import { type FakeProvider, serveProvider } from './fake-provider.ts';

export interface FakeDiscord extends FakeProvider {
  messages: DiscordMessage[];
  /** The webhook is no more. */
  remove(): void;
}

/** A webhook of Discord's: it refuses as a whole what is beyond a limit. */
export async function serveDiscord(): Promise<FakeDiscord> {
  const messages: DiscordMessage[] = [];
  let removed = false;
  const provider = await serveProvider(({ url, body }) => {
    if (removed) return { status: 404, body: { message: 'Unknown Webhook', code: 10_015 } };
    const message: DiscordMessage = JSON.parse(body);
    if (!isTaken(message)) return { status: 400, body: { message: 'Invalid Form Body', code: 50_035 } };
    messages.push(message);
    if (url.searchParams.get('wait') !== 'true') return { status: 204 };
    return { status: 200, body: { id: `${messages.length}`, type: 0, ...message } };
  });
  return {
    ...provider,
    messages,
    remove() {
      removed = true;
    },
  };
}

function isTaken({ content = '', embeds = [] }: DiscordMessage): boolean {
  if (content === '' && embeds.length === 0) return false;
  if (content.length > discordLimits.content) return false;
  let sum = 0;
  const within = (text: string, limit: number) => {
    sum += text.length;
    return text.length > 0 && text.length <= limit;
  };
  const whole = embeds.every(
    ({ title, description, footer, fields }) =>
      within(title, discordLimits.title) &&
      within(description, discordLimits.description) &&
      within(footer.text, discordLimits.footer) &&
      fields.length <= discordLimits.fields &&
      fields.every(
        ({ name, value }) => within(name, discordLimits.fieldName) && within(value, discordLimits.fieldValue),
      ),
  );
  return whole && sum <= discordLimits.sum;
}
