import { type HeartbeatTable, heartbeatTable } from '../../shared/aws/heartbeat-table.ts';
import { serveTable } from './history-table.ts';

/** What of heartbeats is in an empty `history` table, gone when the test is over. */
export const serveHeartbeatTable = async (): Promise<HeartbeatTable> =>
  heartbeatTable(await serveTable(), 'history');
