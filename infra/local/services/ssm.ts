import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { environmentName } from '../../../shared/config/secret.ts';
import { type Answer, type Runtime, type Service, ServiceError } from '../service.ts';
import { operation, serviceOf } from './operations.ts';
import { epochSeconds, flag, integer } from './wire.ts';

export interface SsmOptions {
  /** `/tocsin/<name>/` */
  prefix: string;
  /** Where secrets are: `slack-webhook` is `SLACK_WEBHOOK` in it. */
  secrets: Record<string, string | undefined>;
  /** What to answer for a secret that must not be handed out: the address of the outbox that stands in for it. */
  standIn(secret: string): string | undefined;
}

export interface Ssm extends Service {
  /** The real value of a secret, for whoever stands in for it. */
  secret(name: string): string | undefined;
  /** Bearer token of the API; the same after a restart. */
  adminToken: string;
}

interface Parameter {
  value: string;
  type: 'String' | 'SecureString' | 'StringList';
  version: number;
  modifiedAt: number;
}

const name = z.string().check(z.minLength(1), z.maxLength(2048));

/** SSM's Parameter Store. What is put here stays in memory, because it may be secret. */
export function createSsm(runtime: Runtime, options: SsmOptions): Ssm {
  const adminToken = keptToken(runtime.stateDir, 'admin-token');
  const pingKey = keptToken(runtime.stateDir, 'ping-key');
  const mailKey = keptToken(runtime.stateDir, 'mail-key');
  const own: Record<string, string> = {
    'admin-token': adminToken,
    'ping-key': pingKey,
    'mail-key': mailKey,
  };
  const put = new Map<string, Parameter>();
  const startedAt = runtime.clock.now();
  const secure = (value: string): Parameter => ({
    value,
    type: 'SecureString',
    version: 1,
    modifiedAt: startedAt,
  });

  /** An empty variable is an absent one. */
  const fromEnvironment = (secret: string) => options.secrets[environmentName(secret)] || undefined;

  function find(parameter: string): Parameter | undefined {
    const ours = parameter.startsWith(options.prefix);
    const secret = parameter.slice(options.prefix.length);
    const standIn = ours ? options.standIn(secret) : undefined;
    if (standIn !== undefined) return secure(standIn);
    const written = put.get(parameter);
    if (written || !ours) return written;
    const value = Object.hasOwn(own, secret) ? own[secret] : fromEnvironment(secret);
    return value === undefined ? undefined : secure(value);
  }

  const rendered = (parameter: string, { value, type, version, modifiedAt }: Parameter): Answer => ({
    Name: parameter,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: epochSeconds(modifiedAt),
    ARN: `arn:aws:ssm:${runtime.region}:${runtime.account}:parameter${parameter.startsWith('/') ? '' : '/'}${parameter}`,
    DataType: 'text',
  });
  const notFound = (parameter: string) => new ServiceError('ParameterNotFound', `no parameter ${parameter}`);

  const service = serviceOf('SSM', {
    GetParameter: operation({ Name: name, WithDecryption: z.optional(flag()) }, (input) => {
      const found = find(input.Name);
      if (!found) throw notFound(input.Name);
      return { Parameter: rendered(input.Name, found) };
    }),
    GetParameters: operation(
      { Names: z.array(name).check(z.maxLength(10)), WithDecryption: z.optional(flag()) },
      ({ Names }) => ({
        Parameters: Names.flatMap((each) => (find(each) ? [rendered(each, find(each)!)] : [])),
        InvalidParameters: Names.filter((each) => !find(each)),
      }),
    ),
    GetParametersByPath: operation(
      {
        Path: name,
        Recursive: z.optional(flag()),
        WithDecryption: z.optional(flag()),
        MaxResults: z.optional(integer(1, 10)),
        NextToken: z.optional(name),
      },
      ({ Path, Recursive, MaxResults, NextToken }) => {
        const path = Path.endsWith('/') ? Path : `${Path}/`;
        const below = knownNames(put, options)
          .filter((each) => each.startsWith(path) && (Recursive || !each.slice(path.length).includes('/')))
          .filter((each) => NextToken === undefined || each > NextToken);
        const page = below.slice(0, MaxResults ?? 10);
        return {
          Parameters: page.map((each) => rendered(each, find(each)!)),
          ...(page.length < below.length && { NextToken: page.at(-1) }),
        };
      },
    ),
    PutParameter: operation(
      {
        Name: name,
        Value: z.string().check(z.minLength(1), z.maxLength(4096)),
        Type: z.optional(z.enum(['String', 'SecureString', 'StringList'])),
        Overwrite: z.optional(flag()),
        Description: z.optional(z.string()),
      },
      (input) => {
        const before = find(input.Name);
        if (before && !input.Overwrite)
          throw new ServiceError(
            'ParameterAlreadyExists',
            `${input.Name} exists; set Overwrite to replace it`,
          );
        const type = input.Type ?? before?.type;
        if (!type) throw new ServiceError('ValidationException', `${input.Name} is new: give its Type`);
        const version = (before?.version ?? 0) + 1;
        put.set(input.Name, { value: input.Value, type, version, modifiedAt: runtime.clock.now() });
        return { Version: version, Tier: 'Standard' };
      },
    ),
    DeleteParameter: operation({ Name: name }, (input) => {
      if (!put.delete(input.Name)) throw notFound(input.Name);
      return {};
    }),
  });
  const secret = (each: string) => put.get(options.prefix + each)?.value ?? fromEnvironment(each);
  return { ...service, adminToken, secret };
}

/** Names that can be listed: those that were put, and the token. Secrets of the environment are found by name only. */
const knownNames = (put: Map<string, Parameter>, { prefix }: SsmOptions) =>
  [...new Set([...put.keys(), `${prefix}admin-token`])].sort();

/** Random text; with a place to keep it in, the same after a restart. */
function keptToken(stateDir: string | undefined, name: string): string {
  const fresh = () => randomBytes(24).toString('base64url');
  if (!stateDir) return fresh();
  const file = join(stateDir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const token = fresh();
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(file, token, { mode: 0o600 });
  return token;
}
