import { parse } from '../../shared/conditions/parse.ts';
import type { Monitor } from '../../shared/config/config.ts';
import type { MonitorKind } from '../../shared/monitors/kind.ts';
import { aMonitor } from './monitor.ts';

/** A resolved monitor of a kind: `settings` as a user writes them, `expect` as condition lines. */
export function kindMonitor<Settings>(
  kind: MonitorKind<Settings>,
  settings: object,
  { expect, ...others }: Partial<Omit<Monitor, 'expect'>> & { expect?: string[] } = {},
): Monitor<Settings> {
  const resolved = kind.settings.parse(settings);
  const lines = [...(kind.alwaysExpect?.(resolved) ?? []), ...(expect ?? kind.defaultExpect(resolved))];
  return {
    ...aMonitor({ id: kind.kind, kind: kind.kind, localOnly: true }),
    expect: lines.map((line) => {
      const parsed = parse(line, kind.properties);
      if ('problem' in parsed) throw new Error(`${line}: ${parsed.problem.allowed}`);
      return parsed.condition;
    }),
    ...others,
    settings: resolved,
  };
}
