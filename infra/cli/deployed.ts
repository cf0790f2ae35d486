import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { apiOptions, apiUsage, askApi } from './api.ts';
import { type Command, UsageError } from './command.ts';
import { readOptions } from './options.ts';

const options = {
  ...apiOptions,
  service: { type: 'string' },
  version: { type: 'string' },
  text: { type: 'string' },
  at: { type: 'string' },
  by: { type: 'string' },
  link: { type: 'string' },
  id: { type: 'string' },
} as const;

const told = z.object({ title: z.string(), at: z.string() });

/** Tells of a deployment: for the last step of a pipeline. */
export const deployed: Command = {
  summary: 'tells of a deployment, so that an incident that opens soon after shows it',
  usage: `--service web --version 1.2.3 [--text TEXT] [--by NAME] [--at TIME] [--link URL] [--id ID] ${apiUsage}`,
  async run(args) {
    const { config, url, link, by = userInfo().username, ...said } = readOptions(args, options);
    if (!said.service && !said.version && !said.text)
      throw new UsageError('deployed: what? Give --service and --version, or --text');
    const { title, at } = await askApi({ config, url }, 'deployments', told, {
      method: 'POST',
      body: { ...said, by, ...(link && { url: link }) },
    });
    console.log(`${title} at ${at}`);
    return 0;
  },
};
