import type { Level } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { type RecordPorts, recordBatch } from '../history/record.ts';
import { type MaintenanceWindow, monitorsIn, type StartedWindow } from '../maintenance/window.ts';
import type { Observation } from '../monitors/observation.ts';
import type { Shard } from '../monitors/shards.ts';
import { slotOf } from '../monitors/slots.ts';
import { type Pause, pauseOf } from '../pauses/pause.ts';
import { judgeHeartbeat } from './judge.ts';
import { emptyRecord, type HeartbeatRecord } from './record.ts';
import type { HeartbeatShard } from './shards.ts';

/** A ping that came in time may take this long to be in the table: it must not be called late by whoever looks first. */
export const settleMs = 10 * unitMs.s;

export interface JudgePorts extends RecordPorts {
  /** Records of all heartbeats, by monitor. */
  readRecords(): Promise<Map<string, HeartbeatRecord>>;
  readPauses(): Promise<Pause[]>;
  /** Maintenance windows, those of the config among them. */
  readWindows(): Promise<(MaintenanceWindow | StartedWindow)[]>;
}

/**
 * Judges every heartbeat, and records what it says as checks are recorded: metrics, history, evidence.
 * @param scheduled epoch milliseconds this run was meant for: a second run for the same minute changes nothing
 */
export async function judgeHeartbeats(
  ports: JudgePorts,
  system: { name: string; level: Level },
  shards: readonly HeartbeatShard[],
  { scheduled, now }: { scheduled: number; now: number },
): Promise<void> {
  const [records, pauses, windows] = await Promise.all([
    ports.readRecords(),
    ports.readPauses(),
    ports.readWindows(),
  ]);
  for (const shard of shards) {
    const observations = shard.monitors.map(({ id, settings }): Observation => {
      const { state, expectedAt, ...verdict } = judgeHeartbeat(
        settings,
        records.get(id) ?? emptyRecord,
        now - settleMs,
      );
      return { monitor: id, at: now, ...verdict };
    });
    // The minute that has just ended: alarms wait for the end of a period.
    const slot = slotOf(scheduled, shard.every) - shard.every;
    const paused = shard.monitors.map(({ id }) => id).filter((id) => pauseOf(pauses, id, slot));
    const inMaintenance = monitorsIn(windows, slot);
    await recordBatch(
      ports,
      system,
      { ...knownAs(shard), paused, inMaintenance },
      {
        version: 1,
        location: shard.location,
        shard: shard.id,
        slot,
        observations,
      },
    );
  }
}

const knownAs = ({ every, monitors }: Shard) => ({
  every,
  monitors: new Map(monitors.map((monitor) => [monitor.id, monitor])),
});
