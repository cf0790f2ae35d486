import { createHash } from 'node:crypto';
import { unitMs } from '../duration.ts';
import type { Deployment } from './deployment.ts';

/** What recording deployments by API needs. */
export interface DeploymentPorts {
  /** The same again changes nothing. */
  putDeployment(deployment: Deployment): Promise<void>;
  /** With `from` ≤ at < `to`, oldest first. */
  readDeployments(from: number, to: number): Promise<Deployment[]>;
}

/** What somebody says of a deployment. */
export interface Announced extends Pick<Deployment, 'at' | 'service' | 'version' | 'by' | 'link'> {
  id?: string;
  text?: string;
}

/** Milliseconds before and after now that a deployment told by API may be: older ones concern no incident that is to come. */
export const announcedWithin = { past: 7 * unitMs.d, future: 5 * unitMs.m };

/** A deployment as it is kept. What has no id of its own is the same as what says the same of the same moment. */
export function announcedDeployment({ id, text, ...said }: Announced): Deployment {
  const named = [said.service, said.version].filter((part) => part !== undefined).join(' ');
  const title = [named, text].filter(Boolean).join(': ');
  return { id: id ?? hashOf([said, text]), source: 'api', title, ...said };
}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
