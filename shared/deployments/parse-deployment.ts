import * as z from 'zod/mini';
import { cut, oneLine } from '../notifications/text.ts';
import type { Deployment } from './deployment.ts';

/** Characters of a title that are kept. */
const maxTitle = 200;

const event = z.looseObject({
  id: z.string(),
  source: z.string(),
  'detail-type': z.string(),
  time: z.iso.datetime(),
  region: z.string(),
  resources: z.catch(z.array(z.string()), []),
  detail: z.unknown(),
});

type Event = z.infer<typeof event>;

/** What of an event is a deployment's; undefined where it is of none that people should hear of. */
type Told = Pick<Deployment, 'id' | 'title'> & Partial<Deployment>;

const stackStatus = z.looseObject({
  'stack-id': z.string(),
  'status-details': z.looseObject({ status: z.string() }),
  'client-request-token': z.catch(z.string(), ''),
});

const deploymentState = z.looseObject({
  application: z.string(),
  deploymentGroup: z.string(),
  deploymentId: z.string(),
  state: z.string(),
});

const serviceDeployment = z.looseObject({ eventName: z.string(), deploymentId: z.string() });

/** The events of AWS that are deployments: their `detail-type` by their source, as the rule of the stack asks for. */
export const deploymentEvents = {
  'aws.cloudformation': 'CloudFormation Stack Status Change',
  'aws.codedeploy': 'CodeDeploy Deployment State-change Notification',
  'aws.ecs': 'ECS Deployment State Change',
} as const;

const readers: Record<keyof typeof deploymentEvents, (event: Event, system: string) => Told | undefined> = {
  'aws.cloudformation': ofStack,
  'aws.codedeploy': ofCodeDeploy,
  'aws.ecs': ofService,
};

const sourceOf = {
  'aws.cloudformation': 'cloudformation',
  'aws.codedeploy': 'codedeploy',
  'aws.ecs': 'ecs',
} as const;

/**
 * Reads an event of EventBridge.
 * @param system the config's name: the stacks `Tocsin-<name>…` are our own
 * @returns `other` for an event that is no news of a deployment; undefined for what is no event of these services at all
 */
export function parseDeployment(body: string, system: string): Deployment | 'other' | undefined {
  const parsed = event.safeParse(parseJson(body));
  const source = parsed.data?.source;
  if (!parsed.success || source === undefined || !isKnown(source)) return undefined;
  if (parsed.data['detail-type'] !== deploymentEvents[source]) return 'other';
  const told = readers[source](parsed.data, system);
  if (!told) return 'other';
  return {
    ...told,
    at: Date.parse(parsed.data.time),
    source: sourceOf[source],
    title: cut(oneLine(told.title), maxTitle),
  };
}

const isKnown = (source: string): source is keyof typeof deploymentEvents =>
  Object.hasOwn(deploymentEvents, source);

/** How it stands with a stack, for people. Reviews of change sets and deletions of old resources are no news. */
const stackWords = new Map(
  Object.entries({
    CREATE_IN_PROGRESS: 'being created',
    CREATE_COMPLETE: 'created',
    CREATE_FAILED: 'not created',
    UPDATE_IN_PROGRESS: 'being updated',
    UPDATE_COMPLETE: 'updated',
    UPDATE_FAILED: 'update failed',
    UPDATE_ROLLBACK_IN_PROGRESS: 'being rolled back',
    UPDATE_ROLLBACK_COMPLETE: 'rolled back',
    UPDATE_ROLLBACK_FAILED: 'roll-back failed',
    ROLLBACK_IN_PROGRESS: 'being rolled back',
    ROLLBACK_COMPLETE: 'rolled back',
    ROLLBACK_FAILED: 'roll-back failed',
    DELETE_IN_PROGRESS: 'being deleted',
    DELETE_COMPLETE: 'deleted',
    DELETE_FAILED: 'not deleted',
  }),
);

function ofStack({ id, detail, region }: Event, system: string): Told | undefined {
  const { data } = stackStatus.safeParse(detail);
  const words = data && stackWords.get(data['status-details'].status);
  if (!data || !words) return undefined;
  const stackId = data['stack-id'];
  const name = /:stack\/([^/]+)/.exec(stackId)?.[1] ?? stackId;
  const own = name === `Tocsin-${system}` || name.startsWith(`Tocsin-${system}-`);
  return {
    id: `${stackId} ${data['client-request-token'] || id}`,
    title: `stack ${name} ${words}${own ? ' (Tocsin itself)' : ''}`,
    link: `https://${region}.console.aws.amazon.com/cloudformation/home?region=${region}#/stacks/events?stackId=${encodeURIComponent(stackId)}`,
    ...(own && { own: true }),
  };
}

const codeDeployWords = new Map(
  Object.entries({
    START: 'begun',
    SUCCESS: 'done',
    FAILURE: 'failed',
    STOP: 'stopped',
  }),
);

function ofCodeDeploy({ detail, region }: Event): Told | undefined {
  const { data } = deploymentState.safeParse(detail);
  const words = data && codeDeployWords.get(data.state);
  if (!data || !words) return undefined;
  return {
    id: data.deploymentId,
    title: `deployment of ${data.application} to ${data.deploymentGroup} ${words}`,
    link: `https://${region}.console.aws.amazon.com/codesuite/codedeploy/deployments/${encodeURIComponent(data.deploymentId)}?region=${region}`,
  };
}

const serviceWords = new Map(
  Object.entries({
    SERVICE_DEPLOYMENT_IN_PROGRESS: 'begun',
    SERVICE_DEPLOYMENT_COMPLETED: 'done',
    SERVICE_DEPLOYMENT_FAILED: 'failed',
  }),
);

function ofService({ detail, resources, region }: Event): Told | undefined {
  const { data } = serviceDeployment.safeParse(detail);
  const words = data && serviceWords.get(data.eventName);
  if (!data || !words) return undefined;
  // …:service/<cluster>/<name>; services of old have no cluster in their ARN.
  const path = /:service\/(.+)$/.exec(resources[0] ?? '')?.[1]?.split('/') ?? [];
  const [cluster, name] = path.length > 1 ? path : [undefined, path[0]];
  return {
    id: data.deploymentId,
    title: `deployment of ECS service ${name ?? data.deploymentId} ${words}`,
    ...(cluster !== undefined &&
      name !== undefined && {
        link: `https://${region}.console.aws.amazon.com/ecs/v2/clusters/${encodeURIComponent(cluster)}/services/${encodeURIComponent(name)}/deployments?region=${region}`,
      }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
