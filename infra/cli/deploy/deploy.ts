import { randomBytes } from 'node:crypto';
import { askSecret, terminal } from '../ask-secret.ts';
import type { Command } from '../command.ts';
import { configFile, configOption, readOptions } from '../options.ts';
import { readConfig } from '../read-config.ts';
import { deployed } from '../test-alert/test-alert.ts';
import { runCdk } from './cdk.ts';
import { deploySystem } from './steps.ts';

/** From a config to alerts that arrive, in one command. */
export const deploy: Command = {
  summary: 'deploys the stack: looks first, asks for what is missing, and tests the way to every channel',
  usage: '[--test-alert] [--config FILE]',
  async run(args) {
    const { config: named, 'test-alert': always } = readOptions(args, {
      ...configOption,
      'test-alert': { type: 'boolean' },
    });
    const file = configFile(named);
    return deploySystem(await readConfig(file), {
      file,
      testAlert: always ? 'always' : 'first',
      cdk: runCdk,
      ...(process.stdin.isTTY && { ask: (name: string) => askSecret(name, terminal) }),
      random: randomBytes,
      place: deployed,
      say: console.log,
    });
  },
};
