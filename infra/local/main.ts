import { existsSync, readFileSync } from 'node:fs';
import { parseArgs, parseEnv } from 'node:util';
import { isDemoSite, startDemoSite } from './demo-site.ts';
import { start } from './runtime.ts';

const usage = `Runs your monitoring on this machine.

  npm start -- [--config FILE] [--port 4400] [--fresh] [--clock manual]

  --config FILE   a config other than tocsin.config.ts
  --port N        console and API; the AWS endpoint is on the next port
  --fresh         forget what earlier runs left under .tocsin/
  --clock manual  time stands still until POST /local/clock moves it
`;

const stateDir = '.tocsin';

function readArguments() {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      port: { type: 'string', default: '4400' },
      fresh: { type: 'boolean', default: false },
      clock: { type: 'string', default: 'real' },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_534)
    throw new Error(`--port ${values.port}: a number from 1 to 65534 is needed`);
  if (values.clock !== 'real' && values.clock !== 'manual')
    throw new Error(`--clock ${values.clock}: it is real (the default) or manual`);
  return { ...values, port };
}

/** The environment, and `.env` for what it lacks. */
function readSecrets(): Record<string, string | undefined> {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...file, ...process.env };
}

async function run(): Promise<void> {
  const { config, port, fresh, clock, help } = readArguments();
  if (help) return console.log(usage);
  const running = await start({
    ...(config && { config }),
    ...(clock === 'manual' && { manualFrom: Date.now() }),
    port,
    fresh,
    stateDir,
    secrets: readSecrets(),
    log: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
  });
  const demo = running.config?.monitors.some(isDemoSite) ? startDemoSite() : undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      demo?.kill();
      void running.stop().then(() => process.exit(0));
    });
  console.log(`ready ${running.url}`);
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
