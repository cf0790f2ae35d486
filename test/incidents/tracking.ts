import { backoff } from '../../shared/aws/backoff.ts';
import { type IncidentTable, incidentTable } from '../../shared/aws/incident-table.ts';
import type { IncidentPorts } from '../../shared/incidents/apply.ts';
import type { IncidentEvent, Timer } from '../../shared/incidents/incident.ts';
import { incidentsTable, serveIncidentsTable } from '../support/incidents-table.ts';
import { config, start } from './signals.ts';

/** Incidents on a real table; what is published and scheduled is kept here instead of sent. */
export interface Tracking {
  ports: IncidentPorts;
  table: IncidentTable;
  published: IncidentEvent[];
  scheduled: Timer[];
  /** What people heard, repetitions of one event left out: `firing website 1`. */
  told(): string[];
  /** Moves the clock to that many seconds after the start. */
  at(seconds: number): void;
}

export async function track(): Promise<Tracking> {
  const table = incidentTable(await serveIncidentsTable(), incidentsTable, backoff);
  const published: IncidentEvent[] = [];
  const scheduled: Timer[] = [];
  let now = start;
  const ports: IncidentPorts = {
    table,
    config,
    now: () => now,
    publish: async (event) => void published.push(event),
    schedule: async (timer) => void scheduled.push(timer),
    evidenceOf: async () => undefined,
    links: () => ({}),
    backoff,
  };
  return {
    ports,
    table,
    published,
    scheduled,
    told: () => [
      ...new Map(
        published
          .filter(({ receivers }) => receivers.length > 0)
          .map(({ id, type, incident }) => [id, `${type} ${incident.subject.id} ${incident.revision}`]),
      ).values(),
    ],
    at: (seconds) => {
      now = start + seconds * 1_000;
    },
  };
}

/** Thrown where a process is imagined to end. */
export class Crash extends Error {}

/** Ports of a process that ends before or after its `n`-th side effect (from 0). */
export function crashing(
  ports: IncidentPorts,
  n: number,
  moment: 'before' | 'after',
  onStep: () => void = () => {},
) {
  let calls = 0;
  const mortal =
    <Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      const last = calls === n;
      calls += 1;
      onStep();
      if (last && moment === 'before') throw new Crash();
      const result = await call(...args);
      if (last) throw new Crash();
      return result;
    };
  const { table, publish, schedule } = ports;
  return {
    ...ports,
    publish: mortal(publish),
    schedule: mortal(schedule),
    table: {
      ...table,
      store: mortal(table.store),
      markDone: mortal(table.markDone),
      markScheduled: mortal(table.markScheduled),
      markTimerDone: mortal(table.markTimerDone),
    },
  };
}
