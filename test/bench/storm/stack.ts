// The stack of `storm.config.ts` in the local runtime, with thousands of monitors in the config that its functions read.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../../../infra/local/runtime.ts';
import { synthesize } from '../../../infra/local/synth.ts';
import type { Config, Monitor } from '../../../shared/config/config.ts';
import type { Severity } from '../../../shared/severity.ts';

/** Of every hundred monitors two are critical; as many as fifty are in groups of their team, the others each by itself. */
export interface Shape {
  monitors: number;
  critical: number;
  grouped: number;
  teams: number;
}

export const severityOf = (index: number, { critical, grouped }: Shape): Severity => {
  if (index < critical) return 'critical';
  return index < critical + grouped ? 'warning' : 'high';
};

export const idOf = (index: number) => `monitor-${index}`;

export async function raise(shape: Shape) {
  const template = mkdtempSync(join(tmpdir(), 'tocsin-storm-'));
  await synthesize(template, join(import.meta.dirname, 'storm.config.ts'));
  for (const file of configsIn(template)) {
    const config: Config = JSON.parse(readFileSync(file, 'utf8'));
    const monitors = Array.from({ length: shape.monitors }, (_, n) =>
      monitorOf(config.monitors[0]!, n, shape),
    );
    writeFileSync(file, JSON.stringify({ ...config, monitors }));
  }
  const errors: string[] = [];
  const running = await start({ template, log: (line) => line.startsWith('ERROR') && errors.push(line) });
  return {
    ...running,
    errors,
    async stop() {
      // A function in the middle of a query loses its database, which the emulator cannot put into an answer any more.
      process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'LEVEL_DATABASE_NOT_OPEN') throw error;
      });
      await running.stop();
      rmSync(template, { recursive: true });
    },
  };
}

const configsIn = (template: string) =>
  readdirSync(template)
    .filter((name) => name.startsWith('asset.'))
    .flatMap((name) => {
      const folder = join(template, name);
      return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.name === 'config.json')
        .map(({ name: file }) => join(folder, file));
    });

function monitorOf(example: Monitor, index: number, shape: Shape): Monitor {
  const id = idOf(index);
  const alert = { ...example.alert, severity: severityOf(index, shape) };
  return { ...example, id, name: id, alert, labels: { team: `team-${index % shape.teams}` } };
}
