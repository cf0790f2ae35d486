import { apiOptions, apiUsage, askApiForText } from './api.ts';
import { type Command, UsageError } from './command.ts';
import { readArguments } from './options.ts';

const options = { ...apiOptions, zone: { type: 'string' } } as const;

/** Prints an incident as a document: `… post-mortem ID > file.md`. */
export const postMortemCommand: Command = {
  summary: 'an incident as a Markdown document: what is known is filled in, the rest is left to write',
  usage: `INCIDENT [--zone Europe/Madrid] ${apiUsage}`,
  async run(args) {
    const {
      values: { zone = Intl.DateTimeFormat().resolvedOptions().timeZone, ...where },
      positionals: [incident, ...rest],
    } = readArguments(args, options);
    if (incident === undefined || rest.length > 0) throw new UsageError('post-mortem: of which incident?');
    const path = `incidents/${encodeURIComponent(incident)}/post-mortem?zone=${encodeURIComponent(zone)}`;
    process.stdout.write(await askApiForText(where, path));
    return 0;
  },
};
