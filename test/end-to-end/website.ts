import { afterAll, beforeAll } from 'vitest';
import { changeable, fakeSlack, healthy, raise, remove, type Stack, synthesized } from './stage.ts';

/**
 * What the tests of one file share: a website, the Slack it is reported to, and the template of the fixture that watches it.
 * Each `raise` begins with a healthy website and a Slack that accepts.
 */
export function website() {
  let target: Awaited<ReturnType<typeof changeable>>;
  let slack: Awaited<ReturnType<typeof fakeSlack>>;
  let template: string;

  beforeAll(async () => {
    target = await changeable(healthy);
    slack = await fakeSlack();
    template = await synthesized('website.config.ts', { TARGET_URL: `${target.url}/health` });
  });

  afterAll(async () => {
    await Promise.all([target.close(), slack.close(), remove(template)]);
  });

  return {
    get target() {
      return target;
    },
    get slack() {
      return slack;
    },
    get template() {
      return template;
    },
    /** The whole stack, from the file's template unless told otherwise. */
    raise(from = template): Promise<Stack> {
      slack.received.length = 0;
      slack.answerAlways(undefined);
      target.behave(healthy);
      return raise(from, { SLACK_WEBHOOK: slack.url });
    },
  };
}
