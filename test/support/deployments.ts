import type { Deployment } from '../../shared/deployments/deployment.ts';
import type { DeploymentPorts } from '../../shared/deployments/recording.ts';

/** Ports over deployments in memory. */
export function deploymentPorts(...given: Deployment[]): DeploymentPorts {
  const kept = new Map<string, Deployment>();
  const keep = (deployment: Deployment) => kept.set(`${deployment.at} ${deployment.id}`, deployment);
  for (const deployment of given) keep(deployment);
  return {
    putDeployment: async (deployment) => void keep(deployment),
    readDeployments: async (from, to) =>
      [...kept.values()].filter(({ at }) => from <= at && at < to).sort((a, b) => a.at - b.at),
  };
}
