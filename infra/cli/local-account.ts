import type { Aws } from '../../shared/aws/environment.ts';
import { UsageError } from './command.ts';

/**
 * Where a system runs under `npm start`: its console, without a slash at the end, and its AWS.
 * @param endpoint its AWS endpoint. Default: `AWS_ENDPOINT_URL`, or the next port
 */
export function openLocal(
  address: string,
  endpoint = process.env.AWS_ENDPOINT_URL,
): { url: string; aws: Aws } {
  if (!URL.canParse(address)) throw new UsageError(`--url ${address}: write --url http://localhost:4400`);
  const { protocol, host, hostname, port } = new URL(address);
  const aws = {
    region: 'us-east-1',
    accessKeyId: 'local',
    secretAccessKey: 'local',
    endpoint: endpoint ?? `${protocol}//${hostname}:${Number(port || 80) + 1}`,
  };
  return { url: `${protocol}//${host}`, aws };
}
