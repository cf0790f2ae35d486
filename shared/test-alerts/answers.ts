import type { LedgerRow } from '../notifications/delivery/ledger.ts';

/** What a channel answered to the alert, or to its end; `waiting` where it did not yet. */
export interface ChannelAnswer {
  channel: string;
  event: 'firing' | 'resolved';
  result: LedgerRow['result'] | 'waiting';
  detail?: string;
  status?: number;
}

const final = new Set<ChannelAnswer['result']>(['sent', 'failed', 'superseded']);

/** Whether nothing more is to be expected of a channel. */
export const isFinal = ({ result }: Pick<ChannelAnswer, 'result'>) => final.has(result);

type Row = Pick<LedgerRow, 'type' | 'channel' | 'result' | 'detail' | 'status'>;

/** What each of these channels answered by now. Pure. */
export function answersIn(
  ledger: readonly Row[],
  event: ChannelAnswer['event'],
  channels: readonly string[],
): ChannelAnswer[] {
  return channels.map((channel) => {
    const rows = ledger.filter(
      (row) => row.type === event && row.channel === channel && row.result !== 'duplicate',
    );
    const row = rows.find(isFinal) ?? rows.at(-1);
    if (!row) return { channel, event, result: 'waiting' };
    const { result, detail, status } = row;
    return { channel, event, result, ...(detail && { detail }), ...(status && { status }) };
  });
}
