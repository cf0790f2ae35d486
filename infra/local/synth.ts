import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** The config does not make a template; the message is what the app said about it. */
export class SynthesisFailed extends Error {
  constructor(output: string) {
    super(output.trim() || 'the CDK app failed without a word');
    this.name = 'SynthesisFailed';
  }
}

/**
 * Runs the CDK app as `cdk synth -c local=true` would, without the CLI and without validating the template again.
 * @param config file; the project's own when undefined
 * @returns the app's warnings
 */
export async function synthesize(outDirectory: string, config: string | undefined): Promise<string> {
  const { context } = JSON.parse(readFileSync(resolve(project, 'cdk.json'), 'utf8')) as { context: object };
  const given = { ...context, local: 'true', ...(config && { config: resolve(config) }) };
  const child = spawn(process.execPath, ['infra/app.ts'], {
    cwd: project,
    env: {
      ...process.env,
      CDK_OUTDIR: outDirectory,
      CDK_CONTEXT_JSON: JSON.stringify(given),
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((ended, failed) => {
    child.once('error', failed);
    child.once('close', ended);
  });
  if (code !== 0) throw new SynthesisFailed(output);
  return output.trim();
}
