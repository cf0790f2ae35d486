import { onTestFinished } from 'vitest';
import { createActivity } from '../../infra/local/activity.ts';
import { awsEndpoint, type EndpointOptions } from '../../infra/local/endpoint/endpoint.ts';
import { createLambdaHost } from '../../infra/local/lambda/host.ts';
import { type LocalRequest, type LocalResponse, listen } from '../../infra/local/listen.ts';
import { type ManualClock, manualClock } from '../../infra/local/manual-clock.ts';
import type { Runtime, Service } from '../../infra/local/service.ts';
import type { Aws } from '../../shared/aws/environment.ts';

export const place = { region: 'eu-central-1', account: '123456789012' };

/** Emulated services behind a real AWS endpoint, on a clock that stands still; gone when the test is over. */
export interface AwsServer {
  aws: Aws;
  endpoint: string;
  clock: ManualClock;
}

/**
 * @param services what the endpoint offers, by signing name
 * @param runOutside runs functions that are not here
 * @param besides answers what is no call of a service: the objects of a bucket
 */
export async function serveAws(
  start: number,
  services: (runtime: Runtime) => Promise<Record<string, Service>>,
  besides: (request: LocalRequest) => LocalResponse | undefined = () => undefined,
  runOutside?: EndpointOptions['runOutside'],
): Promise<AwsServer> {
  const failures: unknown[] = [];
  const report = (error: unknown) => failures.push(error);
  const activity = createActivity();
  const clock = manualClock(start, activity, report);
  const runtime: Runtime = { clock, ...place, stateDir: undefined, log: () => {} };
  const lambda = createLambdaHost({
    clock,
    activity,
    time: clock.shared,
    onLine: () => {},
    onInvocation: () => {},
  });
  const answer = awsEndpoint({
    place,
    services: await services(runtime),
    lambda,
    refusal: () => undefined,
    capture: () => Promise.resolve({ status: 404 }),
    ...(runOutside && { runOutside }),
    log: () => {},
  });
  const { port, close } = await listen(
    { port: 0, ownPages: false, report },
    (request) => besides(request) ?? answer(request),
  );
  onTestFinished(async () => {
    lambda.stop();
    await close();
    if (failures.length > 0) throw new AggregateError(failures, 'the emulated services failed');
  });
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    aws: { region: place.region, accessKeyId: 'tester', secretAccessKey: 'secret', endpoint },
    endpoint,
    clock,
  };
}
