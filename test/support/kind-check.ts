import type { MonitorKind } from '../../shared/monitors/kind.ts';
import type { Step } from '../../shared/monitors/transcript.ts';
import { probeContext } from './http-monitor.ts';
import { kindMonitor } from './kind-monitor.ts';
import { checkQuickly } from './quick-check.ts';

type Options = NonNullable<Parameters<typeof kindMonitor>[2]>;

/** What one check of a monitor finds, and `told`: every text that anybody could read of it. */
export async function checked<Settings>(
  kind: MonitorKind<Settings>,
  settings: object,
  { context, ...options }: Options & { context?: Parameters<typeof probeContext>[0] } = {},
) {
  const steps: Step[] = [];
  const observation = await checkQuickly(kindMonitor(kind, settings, options), {
    ...probeContext(context),
    kinds: { [kind.kind]: kind as MonitorKind<unknown> },
    transcribe: (_, taken) => void steps.push(...taken),
  });
  return { ...observation, told: JSON.stringify([observation, steps]) };
}
