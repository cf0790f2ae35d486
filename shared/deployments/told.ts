import { formatDuration } from '../duration.ts';
import type { Deployment } from './deployment.ts';

/** `web 1.2.3 by ana` */
export const deploymentText = ({ title, by }: Pick<Deployment, 'title' | 'by'>): string =>
  by ? `${title} by ${by}` : title;

/** What was deployed, and how long before an incident: `12 min before: web 1.2.3 by ana`. */
export const beforeText = (deployment: Pick<Deployment, 'title' | 'by' | 'at'>, openedAt: number): string =>
  `${formatDuration(openedAt - deployment.at)} before: ${deploymentText(deployment)}`;

/** All of them, for a timeline. */
export const changesText = (deployments: readonly Deployment[], openedAt: number): string =>
  `deployed ${deployments.map((deployment) => beforeText(deployment, openedAt)).join('; ')}`;
