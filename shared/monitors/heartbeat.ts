import { type HeartbeatSettings, heartbeatSettings } from './heartbeat/settings.ts';
import type { PingedKind } from './kind.ts';
import { heartbeatKind } from './shards.ts';

/** Jobs that tell us they ran: no probe asks them, so there is nothing to measure here. See `shared/heartbeats`. */
export const heartbeat: PingedKind<HeartbeatSettings> = {
  kind: heartbeatKind,
  settings: heartbeatSettings,
  shorthand: 'period',
  without: ['every', 'timeout', 'expect', 'degraded', 'locations', 'confirmFrom', 'quorum', 'onIncident'],
  alertAfter: '1 of 1',
  properties: {},
  defaultExpect: () => [],
  hosts: () => [],
  secrets: () => [],
};
