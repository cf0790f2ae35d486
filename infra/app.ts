import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { formatProblem } from '../shared/config/problems.ts';
import { resolve } from '../shared/config/resolve.ts';
import { bundle } from './bundles.ts';
import { ConfigFileError, loadConfigFile } from './config-file.ts';
import { addStacks } from './stacks.ts';

const app = new App({ analyticsReporting: false });

/** `-c config=<file>`, from where the command runs. Default: the project's own. */
const file = resolvePath(
  app.node.tryGetContext('config') ?? fileURLToPath(new URL('../tocsin.config.ts', import.meta.url)),
);
/** Files that it names are beside it. */
const from = dirname(file);
/** `-c local=true` keeps monitors that are `localOnly`, and changes nothing else. */
const local = String(app.node.tryGetContext('local')) === 'true';

const nothingWatched = `WARNING: on AWS this stack will watch nothing.
Monitors that are \`localOnly\` run under \`npm start\` only. With the config that Tocsin ships, name your site:
  SITE_URL=https://my.site npx cdk deploy
`;

try {
  await buildStack();
} catch (error) {
  if (!(error instanceof ConfigFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function buildStack(): Promise<void> {
  const resolved = resolve(await loadConfigFile(file), { local, from });
  if ('problems' in resolved) {
    console.error(resolved.problems.map(formatProblem).join('\n\n'));
    process.exitCode = 1;
    return;
  }
  const { config, warnings } = resolved;
  for (const warning of warnings) console.error(`warning: ${formatProblem(warning)}\n`);
  if (!local && config.monitors.length === 0) console.error(nothingWatched);
  const build = join(app.outdir, 'functions');
  await bundle(config, build, from);
  addStacks(app, { config, build });
}
