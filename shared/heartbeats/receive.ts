import { applyPing, emptyRecord, type HeartbeatRecord, type Ping } from './record.ts';
import { type PingRequest, readPing } from './request.ts';

/** A record as it is stored: `version` says whether somebody else has written meanwhile. */
export interface StoredRecord {
  version: number;
  record: HeartbeatRecord;
}

/** What taking a ping needs of the world. */
export interface ReceivePorts {
  /** The heartbeat that a token is of; undefined where it is of none. */
  monitorOf(token: string): Promise<string | undefined>;
  readRecord(monitor: string): Promise<StoredRecord | undefined>;
  /** Replaces the record that has `replaced` as its version (undefined: there is none). False where it has another by now. */
  putRecord(monitor: string, next: StoredRecord, replaced: number | undefined): Promise<boolean>;
  putPing(monitor: string, ping: Ping): Promise<void>;
}

/** What a ping is answered. */
export interface PingAnswer {
  status: number;
  message: string;
}

/** Takes a ping: it is kept, and the record moves on. Pings at the same time all count, in whatever order they are written. */
export async function receivePing(ports: ReceivePorts, request: PingRequest): Promise<PingAnswer> {
  const read = readPing(request);
  if ('status' in read) return read;
  const monitor = await ports.monitorOf(read.token);
  if (monitor === undefined) return { status: 404, message: 'not found' };
  const taken = await moveRecord(ports, monitor, read.ping);
  if (!taken) return { status: 429, message: 'too many pings: this one was not taken' };
  await ports.putPing(monitor, read.ping);
  return { status: 200, message: 'OK' };
}

async function moveRecord(ports: ReceivePorts, monitor: string, ping: Ping): Promise<boolean> {
  for (;;) {
    const stored = await ports.readRecord(monitor);
    const next = applyPing(stored?.record ?? emptyRecord, ping);
    if (!next) return false;
    const version = (stored?.version ?? 0) + 1;
    if (await ports.putRecord(monitor, { version, record: next }, stored?.version)) return true;
  }
}
