import { unitMs } from '../duration.ts';

/** Something that was changed: an incident that opens soon after shows it. */
export interface Deployment {
  /** What is told of one deployment by and by (begun, ended) has one id: the latest counts. */
  id: string;
  /** Epoch milliseconds. */
  at: number;
  source: 'cloudformation' | 'codedeploy' | 'ecs' | 'api';
  /** For people: what was deployed, and how it went. */
  title: string;
  /** The label `service` of the incidents it may have to do with. Absent: of any. */
  service?: string;
  version?: string;
  by?: string;
  link?: string;
  /** What CloudFormation did to Tocsin itself. */
  own?: true;
}

/** Time before an incident whose deployments are attached to it, milliseconds. */
export const attachedWithin = 30 * unitMs.m;

/** Deployments attached to an incident: the latest. */
const mostAttached = 10;

/**
 * What was deployed before an incident opened, the latest first, each deployment once, without what is of another service.
 * @param labels the incident's
 */
export function changesBefore(
  deployments: readonly Deployment[],
  at: number,
  labels: Readonly<Record<string, string>>,
): Deployment[] {
  const before = deployments.filter(
    (deployment) =>
      deployment.at <= at && deployment.at >= at - attachedWithin && mayConcern(deployment, labels),
  );
  return latestOfEach(before).slice(0, mostAttached);
}

/** Each deployment as it was told last, the latest first. */
export function latestOfEach(deployments: readonly Deployment[]): Deployment[] {
  const oldestFirst = deployments.toSorted((a, b) => a.at - b.at);
  return [...new Map(oldestFirst.map((deployment) => [deployment.id, deployment])).values()].sort(
    (a, b) => b.at - a.at,
  );
}

const mayConcern = ({ service }: Deployment, labels: Readonly<Record<string, string>>): boolean =>
  service === undefined || labels.service === undefined || service === labels.service;
