import { type Command, CommandError } from '../command.ts';
import { configFile, configOption, readOptions } from '../options.ts';
import { readConfig } from '../read-config.ts';
import { gatherFacts } from './gather.ts';
import { type Finding, judge } from './judge.ts';

/** Looks at everything a deployment needs, and says what to do about what is not so. */
export const doctor: Command = {
  summary: 'looks at what a deployment needs: account, secrets, mail, Slack, stack',
  usage: '[--json] [--config FILE]',
  async run(args) {
    const { config: file, json } = readOptions(args, { ...configOption, json: { type: 'boolean' } });
    const config = await readConfig(configFile(file));
    const findings = judge(config, await gatherFacts(config));
    console.log(json ? JSON.stringify(findings, undefined, 2) : findings.map(formatFinding).join('\n'));
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
};

/** One line, and one more with what to do. */
export function formatFinding({ check, ok, text, next }: Finding): string {
  const line = `${ok ? '✓' : '✗'} ${check}: ${text}`;
  return next ? `${line}\n    → ${next}` : line;
}

/** @throws CommandError where one of the findings stands in the way of a deployment */
export function assertDeployable(findings: Finding[]): void {
  const inTheWay = findings.filter(({ blocks }) => blocks);
  if (inTheWay.length > 0) throw new CommandError(`not deployed:\n${inTheWay.map(formatFinding).join('\n')}`);
}
