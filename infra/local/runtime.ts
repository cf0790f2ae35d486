import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Activity, createActivity } from './activity.ts';
import { type ChannelSecret, channelSecrets, configOf } from './channel-secrets.ts';
import { type RuntimeClock, realClock } from './clock.ts';
import { deploy } from './deployment.ts';
import { awsEndpoint } from './endpoint/endpoint.ts';
import { front } from './front.ts';
import { createHttpApi } from './http-api.ts';
import { createIdentities } from './identities.ts';
import { createLambdaHost, type FunctionSettings } from './lambda/host.ts';
import { type Answerer, type Listening, listen, text } from './listen.ts';
import { createLogs, type Logs } from './logs.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import type { Runtime } from './service.ts';
import { createCloudWatch } from './services/cloudwatch.ts';
import { createDynamoDb } from './services/dynamodb.ts';
import { createOutbox, type OutboxEntry } from './services/outbox.ts';
import { createSes } from './services/ses.ts';
import { startSmtpCapture } from './services/smtp-capture.ts';
import { createSns } from './services/sns.ts';
import { createSqs } from './services/sqs.ts';
import { createSsm } from './services/ssm.ts';
import { webhookCapture } from './services/webhook-capture.ts';
import { synthesize } from './synth.ts';
import { loadStacks, type Stack } from './template.ts';
import type { World } from './world.ts';

const account = '000000000000';

export interface Options {
  /** A synthesized `cdk.out`; synthesized from `config` when undefined. */
  template?: string;
  /** The project's own `tocsin.config.ts` when undefined. */
  config?: string;
  /** Of console and API; the AWS endpoint takes the next one. 0 (default) takes any two. */
  port?: number;
  /** Where state survives a restart, and what is synthesized lies; without it everything but the template is in memory. */
  stateDir?: string;
  /** Forgets what an earlier run left there. */
  fresh?: boolean;
  /** A clock that is moved by hand, from this time (epoch milliseconds) on. The machine's clock when undefined. */
  manualFrom?: number;
  /** Secrets by environment name, e.g. `SLACK_WEBHOOK`. */
  secrets?: Record<string, string | undefined>;
  region?: string;
  log?(line: string): void;
}

export interface Running {
  /** `http://localhost:<port>`: console, API and `/local/…`. */
  url: string;
  /** `http://127.0.0.1:<port>`: for AWS clients. */
  endpoint: string;
  clock: RuntimeClock;
  /** Unset on the machine's clock. */
  manual: ManualClock | undefined;
  /** For those who look behind the HTTP interfaces. */
  world: World;
  logs: Logs;
  outbox(): OutboxEntry[];
  stop(): Promise<void>;
}
