import type { TeamsMessage } from '../../shared/notifications/teams/card.ts';
import { type FakeProvider, serveProvider } from './fake-provider.ts';

export interface FakeTeams extends FakeProvider {
  cards: TeamsMessage['attachments'][0]['content'][];
}

/** A workflow of Teams: it takes any JSON with 202, and shows what is an Adaptive Card of at most 28 kB. */
export async function serveTeams(): Promise<FakeTeams> {
  const cards: FakeTeams['cards'] = [];
  const provider = await serveProvider(({ body }) => {
    const message: TeamsMessage = JSON.parse(body);
    const [attachment] = message.attachments ?? [];
    const isCard = attachment?.contentType === 'application/vnd.microsoft.card.adaptive';
    if (isCard && Buffer.byteLength(body) < 28_000) cards.push(attachment.content);
    return { status: 202 };
  });
  return { ...provider, cards };
}

/** What an old connector says, with status 200. */
export const connectorRefusal = (status: number): string =>
  `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status} with ContextId tcid=0.`;
