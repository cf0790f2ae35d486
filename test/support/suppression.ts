import { randomUUID } from 'node:crypto';
import type { Config } from '../../shared/config/config.ts';
import type { WindowPorts } from '../../shared/maintenance/starting.ts';
import type { StartedWindow } from '../../shared/maintenance/window.ts';
import type { Silence } from '../../shared/silences/silence.ts';
import type { SilencePorts } from '../../shared/silences/silencing.ts';

/** Ports over silences in memory, and whom they woke. */
export function silencePorts(now: () => number, ...given: Silence[]): SilencePorts & { woken: string[] } {
  const kept = new Map(given.map((silence) => [silence.id, silence]));
  const woken: string[] = [];
  return {
    now,
    woken,
    newId: randomUUID,
    readSilences: async () => [...kept.values()],
    readSilence: async (id) => kept.get(id),
    async putSilences(silences, before) {
      if (before.some(({ id, updatedAt }) => kept.get(id)?.updatedAt !== updatedAt)) return false;
      for (const silence of silences) kept.set(silence.id, silence);
      return true;
    },
    wake: async (id) => void woken.push(id),
  };
}

/** Ports over windows in memory, and whom they woke. */
export function windowPorts(
  now: () => number,
  config: Pick<Config, 'monitors'>,
  ...given: StartedWindow[]
): WindowPorts & { woken: string[] } {
  const kept = new Map(given.map((window) => [window.id, window]));
  const woken: string[] = [];
  return {
    config,
    now,
    woken,
    newId: randomUUID,
    readWindows: async () => [...kept.values()],
    putWindow: async (window) => void kept.set(window.id, window),
    wake: async (id) => void woken.push(id),
  };
}
