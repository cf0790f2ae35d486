import { describe, expect, test } from 'vitest';
import { CommandError, UsageError } from '../../infra/cli/command.ts';
import { redriveAll } from '../../infra/cli/redrive.ts';
import { queueDefaults } from '../../infra/local/services/queues.ts';
import { createSqs, type Sqs } from '../../infra/local/services/sqs.ts';
import { firing } from '../notifications/events.ts';
import { serveAws } from '../support/aws-endpoint.ts';
import { configOf } from '../support/synthesis.ts';

const config = configOf([], {
  channels: [
    { id: 'ops', kind: 'slack', settings: {} },
    { id: 'dev', kind: 'slack', settings: {} },
    { id: 'oncall', kind: 'email', settings: {} },
    { id: 'all', kind: 'email-subscription', settings: { to: [] } },
  ],
});

/** An account with the queues of the notifiers of these kinds. */
async function account(...kinds: string[]) {
  let sqs: Sqs | undefined;
  const { aws } = await serveAws(0, async (runtime) => {
    sqs = createSqs(runtime, 'http://127.0.0.1:1');
    return { sqs };
  });
  const { queues } = sqs!;
  const arns = new Map(
    kinds
      .flatMap((kind) => [`notify-${kind}`, `notify-${kind}-dead`])
      .map((name) => [name, queues.create({ ...queueDefaults, name: `Tocsin-acme-${name}` })]),
  );
  const bodies = (name: string) => queues.receive(arns.get(name)!, 10, 0).map(({ body }) => body);
  return {
    aws,
    bodies,
    bury: (name: string, body: string) => queues.send(arns.get(`${name}-dead`)!, { body }),
  };
}

const about = (...receivers: string[]) => JSON.stringify({ ...firing(), receivers });

describe('redrive', () => {
  test('moves all that notifiers gave up back into their queues, however many', async () => {
    const { aws, bury, bodies } = await account('slack', 'email');
    for (let n = 0; n < 12; n++) bury('notify-slack', about('ops', `${n}`));
    bury('notify-email', about('oncall'));

    const redriven = await redriveAll(aws, config);

    expect(redriven).toEqual([
      { queue: 'notify-slack', moved: 12, left: 0 },
      { queue: 'notify-email', moved: 1, left: 0 },
    ]);
    expect(bodies('notify-slack-dead')).toEqual([]);
    expect(bodies('notify-email')).toEqual([about('oncall')]);
  });

  test('of one channel leaves those of others where they are, and what is no event', async () => {
    const { aws, bury, bodies } = await account('slack');
    for (const body of [about('dev'), about('ops', 'dev'), about('ops'), 'no event'])
      bury('notify-slack', body);

    const redriven = await redriveAll(aws, config, 'ops');

    expect(redriven).toEqual([{ queue: 'notify-slack', moved: 2, left: 2 }]);
    expect(bodies('notify-slack').toSorted()).toEqual([about('ops', 'dev'), about('ops')].toSorted());
    expect(bodies('notify-slack-dead').toSorted()).toEqual([about('dev'), 'no event'].toSorted());
  });

  test('what is given up once more while it runs is left: it ends, whatever a channel answers', async () => {
    const { aws, bury, bodies } = await account('slack');
    for (let n = 0; n < 2; n++) bury('notify-slack', about('ops'));

    expect(await redriveAll(aws, config, 'ops')).toEqual([{ queue: 'notify-slack', moved: 1, left: 1 }]);
    expect(bodies('notify-slack-dead')).toEqual([about('ops')]);
  });

  test('refuses a channel that no notifier tells, and says which there are', async () => {
    const { aws } = await account();

    const refusal = redriveAll(aws, config, 'all');

    await expect(refusal).rejects.toThrow(UsageError);
    await expect(refusal).rejects.toThrow('--channel all: it is one of ops, dev, oncall');
  });

  test('says that nothing is deployed', async () => {
    const { aws } = await account();

    await expect(redriveAll(aws, config, 'ops')).rejects.toThrow(CommandError);
  });
});
