import { expect, test } from 'vitest';
import { createOutbox, type Outbox } from '../../../infra/local/services/outbox.ts';
import { outsideFunctions } from '../../../infra/local/services/outside-functions.ts';
import { remediation } from '../../../shared/notifications/remediation.ts';
import { firing, openedAt } from '../../notifications/events.ts';
import { tell } from '../../notifications/tell.ts';
import { serveAws } from '../../support/aws-endpoint.ts';

const lambda = 'arn:aws:lambda:eu-west-1:210987654321:function:restart-web:live';

test('a function of the account that a channel runs is not run here: the outbox has what it would be given', async () => {
  let outbox: Outbox | undefined;
  const channelOf = (arn: string) => (arn === lambda ? 'restart-web' : undefined);
  const { endpoint } = await serveAws(
    openedAt,
    async (runtime) => {
      outbox = createOutbox(runtime);
      return {};
    },
    undefined,
    (arn, payload) => outsideFunctions(outbox!, channelOf)(arn, payload),
  );
  const verdict = await tell(remediation, firing(), { lambda, tries: 1 }, { endpoint });
  expect(verdict).toMatchObject({ result: 'sent', detail: expect.stringContaining('captured') });
  expect(outbox!.list()).toMatchObject([
    { channel: 'restart-web', to: [lambda], text: 'website is down', request: firing() },
  ]);
  const other = lambda.replace('restart', 'unknown');
  expect(await tell(remediation, firing(), { lambda: other, tries: 1 }, { endpoint })).toMatchObject({
    result: 'failed',
  });
});
