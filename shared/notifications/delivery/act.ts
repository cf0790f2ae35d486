import type { ChannelTable } from '../../aws/channel-table.ts';
import { formatDuration } from '../../duration.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import type { ChannelKind } from '../kind.ts';
import { type DeliverContext, type Delivered, deliver } from './deliver.ts';
import type { Reported } from './undelivered.ts';

export interface ActContext extends DeliverContext {
  /** The channel that acts. */
  channel: string;
  channels: Pick<ChannelTable, 'begin'>;
  /** Tells those who keep incidents what came of it. */
  report(reported: Reported): Promise<void>;
}

/**
 * For a channel that does something instead of telling somebody: does it, unless the event asks for nothing or it was done a short while
 * ago, and reports what came of it. It is not tried again later: by then it might be what nobody needs any more.
 */
export async function act<Settings, Message>(
  kind: ChannelKind<Settings, Message>,
  event: IncidentEvent,
  settings: Settings,
  context: ActContext,
): Promise<Delivered> {
  if (!kind.acts?.(event)) return passedOver('nothing to do upon this event');
  const { channel, channels, now, report } = context;
  const { id: incident, revision, groupKey } = event.incident;
  const cooldown = kind.cooldown?.(settings) ?? 0;
  const begins =
    cooldown === 0 || (await channels.begin(channel, { about: groupKey, event: event.id }, now(), cooldown));
  const delivered = begins
    ? await deliver(kind, event, settings, context)
    : passedOver(`not run: it ran within the last ${formatDuration(cooldown)}`);
  const { verdict } = delivered;
  if (verdict.result === 'retry')
    return { ...delivered, verdict: { result: 'failed', reason: verdict.reason } };
  if (verdict.result === 'sent' && verdict.detail)
    await report({ type: 'reported', incident, channel, revision, text: verdict.detail });
  return delivered;
}

const passedOver = (detail: string): Delivered => ({
  verdict: { result: 'sent', detail },
  secretMissing: false,
});
