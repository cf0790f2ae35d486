import type { Aws } from './environment.ts';
import { AwsError, signedPost } from './signed-request.ts';

/**
 * Has a function run without waiting for it. Throws `AwsError` where Lambda refuses.
 * @param name of the function
 * @param region where it is, if not in our own
 */
export async function invokeLater(
  aws: Aws,
  name: string,
  event: object,
  region: string | undefined,
): Promise<void> {
  const answer = await signedPost(aws, {
    service: 'lambda',
    path: `/2015-03-31/functions/${name}/invocations`,
    headers: { 'x-amz-invocation-type': 'Event' },
    body: JSON.stringify(event),
    ...(region && { region }),
  });
  if (answer.status !== 202) throw new AwsError(`lambda:Invoke of ${name}`, answer);
}
