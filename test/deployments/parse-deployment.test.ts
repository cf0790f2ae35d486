import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDeployment } from '../../shared/deployments/parse-deployment.ts';

interface Event {
  detail: Record<string, unknown>;
  [field: string]: unknown;
}

const fixture = (source: string): Event =>
  JSON.parse(
    readFileSync(new URL(`../fixtures/deployment-events/${source}.json`, import.meta.url), 'utf8'),
  ) as Event;

const parse = (event: object) => parseDeployment(JSON.stringify(event), 'acme');

const stack = (name: string, status: string) => {
  const event = fixture('cloudformation');
  const id = `arn:aws:cloudformation:eu-central-1:123456789012:stack/${name}/8f3c`;
  return { ...event, detail: { ...event.detail, 'stack-id': id, 'status-details': { status } } };
};

describe('an event of AWS about a deployment', () => {
  test.each([
    [
      'cloudformation',
      'stack shop-prod updated',
      '05:00:00',
      'https://eu-central-1.console.aws.amazon.com/cloudformation/',
    ],
    [
      'codedeploy',
      'deployment of shop to production done',
      '05:01:00',
      'https://eu-central-1.console.aws.amazon.com/codesuite/codedeploy/deployments/d-123456789',
    ],
    [
      'ecs',
      'deployment of ECS service web done',
      '05:02:00',
      'https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/production/services/web/',
    ],
  ])('of %s says: %s', (source, title, time, link) => {
    expect(parse(fixture(source))).toEqual({
      id: expect.any(String),
      at: Date.parse(`2026-11-20T${time}Z`),
      source,
      title,
      link: expect.stringContaining(link),
    });
  });

  test.each([
    ['UPDATE_IN_PROGRESS', 'stack shop-prod being updated'],
    ['CREATE_COMPLETE', 'stack shop-prod created'],
    ['UPDATE_ROLLBACK_COMPLETE', 'stack shop-prod rolled back'],
    ['UPDATE_ROLLBACK_FAILED', 'stack shop-prod roll-back failed'],
    ['DELETE_COMPLETE', 'stack shop-prod deleted'],
  ])('a stack that is %s', (status, title) => {
    expect(parse(stack('shop-prod', status))).toMatchObject({ title });
  });

  test.each(['REVIEW_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'IMPORT_COMPLETE', 'toString'])(
    'that a stack is %s is no news',
    (status) => {
      expect(parse(stack('shop-prod', status))).toBe('other');
    },
  );

  test('what is told of one deployment has one id; without a token every event has its own', () => {
    const id = (event: object) => (parse(event) as { id: string }).id;
    expect(id(stack('shop-prod', 'UPDATE_IN_PROGRESS'))).toBe(id(stack('shop-prod', 'UPDATE_COMPLETE')));
    const bare = stack('shop-prod', 'UPDATE_COMPLETE');
    const without = { ...bare, detail: { ...bare.detail, 'client-request-token': '' } };
    expect(id({ ...without, id: 'one' })).not.toBe(id({ ...without, id: 'two' }));
  });

  test.each([
    ['Tocsin-acme', true],
    ['Tocsin-acme-alarms-1', true],
    ['Tocsin-acme2', undefined],
    ['Tocsin-other', undefined],
  ])('the stack %s is marked as our own: %s', (name, own) => {
    const parsed = parse(stack(name, 'UPDATE_COMPLETE')) as { own?: true; title: string };
    expect(parsed.own).toBe(own);
    expect(parsed.title.endsWith('(Tocsin itself)')).toBe(own === true);
  });
});

test('other events of these services are left alone, and what is none of theirs is for others to read', () => {
  expect(parse({ ...fixture('ecs'), 'detail-type': 'ECS Task State Change' })).toBe('other');
  expect(parse({ ...fixture('ecs'), detail: 'nothing' })).toBe('other');
  expect(parse({ ...fixture('ecs'), source: 'aws.ec2' })).toBeUndefined();
  expect(parse({ ...fixture('ecs'), source: 'constructor' })).toBeUndefined();
  expect(parse({ AlarmName: 'shop', NewStateValue: 'ALARM' })).toBeUndefined();
});

test('no text from outside makes it throw, or grow', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('cloudformation', 'codedeploy', 'ecs'),
      fc.json(),
      fc.string(),
      (source, detail, text) => {
        parseDeployment(text, 'acme');
        const event = fixture(source);
        parse({ ...event, detail: JSON.parse(detail) });
        const named = parse({ ...event, detail: { ...event.detail, application: text.repeat(99) } });
        expect(typeof named === 'object' ? named.title.length : 0).toBeLessThanOrEqual(200);
      },
    ),
  );
});
