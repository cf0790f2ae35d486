import { email } from './email.ts';
import type { ChannelKind } from './kind.ts';
import { slack } from './slack.ts';

/** Every kind of channel. Adding one costs its file and a line here; the contract test covers it from then on. */
export const channelKinds = { slack, email } satisfies Record<string, ChannelKind<unknown, unknown>>;
