import { nearest } from '../../shared/nearest.ts';
import { ConfigFileError } from '../config-file.ts';
import { CommandError, type ExitCode, UsageError } from './command.ts';
import { commands } from './commands.ts';

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: string[]): Promise<ExitCode> {
  if (name === undefined || ['help', '--help', '-h'].includes(name)) {
    console.log(help());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const like = nearest(name, Object.keys(commands));
    console.error(`there is no command ${name}${like ? `: did you mean ${like}` : ''}\n\n${help()}`);
    return 2;
  }
  const usage = `npm run tocsin -- ${name} ${command.usage}`;
  if (args.includes('--help') || args.includes('-h')) {
    console.log(`${usage}\n${command.summary}`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\nusage: ${usage}`);
      return 2;
    }
    if (!(error instanceof CommandError) && !(error instanceof ConfigFileError)) throw error;
    console.error(error.message);
    return 1;
  }
}

function help(): string {
  const rows = Object.entries(commands).map(([name, { usage, summary }]) => [`${name} ${usage}`, summary]);
  const width = Math.max(...rows.map(([left]) => left!.length));
  const lines = rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`);
  return ['npm run tocsin -- <command>', '', ...lines].join('\n');
}
