import type { Aws } from './environment.ts';
import { type AwsAnswer, AwsError, signedPost } from './signed-request.ts';

/**
 * Runs a function of the account, trying once, and waits for its answer. An error of the function is status 500; what Lambda refuses is
 * returned with its status. Throws where there is no answer.
 * @param arn in any Region
 */
export async function invokeFunction(
  aws: Aws,
  arn: string,
  payload: string,
  signal: AbortSignal,
): Promise<Pick<AwsAnswer, 'status' | 'body'>> {
  const { status, headers, body } = await signedPost(aws, {
    service: 'lambda',
    path: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
    headers: { 'x-amz-invocation-type': 'RequestResponse' },
    body: payload,
    region: arn.split(':')[3]!,
    attempts: 1,
    signal,
  });
  return { status: headers['x-amz-function-error'] === undefined ? status : 500, body };
}

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
