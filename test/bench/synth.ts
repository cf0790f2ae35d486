/**
 * How long a config of many monitors takes to become templates, and how near they come to CloudFormation's limits:
 * `npm run bench:synth`, or with another number `npm run bench:synth -- 2000`.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stacksFor } from '../../infra/buckets.ts';
import { configOf, monitor, synthesize } from '../support/synthesis.ts';

const count = Number(process.argv[2] ?? 10_000);
const config = configOf(
  Array.from({ length: count }, (_, n) => monitor(`monitor-${n}`)),
  { level: 'lean' },
);

const stacks = stacksFor(config) ?? 1;
const from = performance.now();
const { directory, templates } = await synthesize({ ...config, stacks }, { validate: true });
const seconds = (performance.now() - from) / 1_000;

const files = readdirSync(directory).filter((file) => file.endsWith('.template.json'));
const bytes = Math.max(...files.map((file) => statSync(join(directory, file)).size));
const resources = Math.max(...Object.values(templates).map(({ Resources }) => Object.keys(Resources).length));
rmSync(directory, { recursive: true });

console.log(`${count} monitors, ${files.length} stacks, bundled, synthesized and validated`);
console.log(`time       ${seconds.toFixed(1)} s (at most 60)`);
console.log(`resources  ${resources} in the largest stack (at most 500)`);
console.log(`bytes      ${bytes} in the largest template (at most 1,000,000)`);
