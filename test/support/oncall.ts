import type { OverridePorts } from '../../shared/oncall/overriding.ts';
import type { Override } from '../../shared/oncall/rotation.ts';

/** Ports over overrides in memory. */
export function overridePorts(...given: Override[]): OverridePorts {
  const kept = new Map(given.map((override) => [override.id, override]));
  let made = 0;
  return {
    readOverrides: async () => [...kept.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    putOverride: async (override) => void kept.set(override.id, override),
    deleteOverride: async (id) => void kept.delete(id),
    newLetters: () => String(++made),
  };
}
