import { expect, test } from 'vitest';
import {
  allows,
  allowsRole,
  allowsService,
  policyDocument,
  type Statement,
} from '../../infra/local/policy.ts';

const queue = 'arn:aws:sqs:us-east-1:000000000000:work';
const send = { action: 'sqs:SendMessage', resource: queue };
const allow = (Action: string | string[], Resource: string | string[]): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});

test.each([
  ['no statement', [], false],
  ['exactly this', [allow('sqs:SendMessage', queue)], true],
  [
    'one of several',
    [allow(['sqs:ReceiveMessage', 'sqs:SendMessage'], [queue, 'arn:aws:sqs:::other'])],
    true,
  ],
  ['another action', [allow('sqs:ReceiveMessage', queue)], false],
  ['another resource', [allow('sqs:SendMessage', 'arn:aws:sqs:us-east-1:000000000000:works')], false],
  ['a wildcard in the action', [allow('sqs:Send*', queue)], true],
  ['a wildcard in the resource', [allow('sqs:SendMessage', 'arn:aws:sqs:*:*:wo?k')], true],
  ['an action in another case', [allow('SQS:sendmessage', queue)], true],
  ['a dot that is no wildcard', [allow('sqs.SendMessage', queue)], false],
  [
    'a denial beside it',
    [allow('sqs:*', '*'), { Effect: 'Deny', Action: 'sqs:SendMessage', Resource: '*' }],
    false,
  ],
  [
    'a denial for plain text only',
    [
      allow('sqs:*', '*'),
      {
        Effect: 'Deny',
        Action: 'sqs:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
    true,
  ],
] as [string, Statement[], boolean][])('a policy with %s', (_, statements, allowed) => {
  expect(allows(statements, send)).toBe(allowed);
});

test.each([
  ['the service', { Service: 'sns.amazonaws.com' }, true],
  ['one of several services', { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] }, true],
  ['everybody', { AWS: '*' }, true],
  ['another service', { Service: 'events.amazonaws.com' }, false],
  ['the account', { AWS: 'arn:aws:iam::000000000000:root' }, false],
])('a resource’s policy for %s', (_, Principal, allowed) => {
  const document = { Statement: [{ ...allow('sqs:SendMessage', queue), Principal }] };

  expect(allowsService(document, 'sns.amazonaws.com', send)).toBe(allowed);
});

test.each(['NotAction', 'NotResource', 'NotPrincipal'])(
  'a statement with %s is refused rather than misread',
  (member) => {
    const document = { Statement: [{ ...allow('sqs:SendMessage', queue), [member]: 'x' }] };

    expect(policyDocument.safeParse(document).success).toBe(false);
  },
);

test.each([
  ['named', 'arn:aws:iam::1:role/probe', true],
  ['another', 'arn:aws:iam::1:role/other', false],
])('a policy that names a role by its ARN allows it: %s', (_, role, allowed) => {
  const document = policyDocument.parse({
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Principal: { AWS: '*' },
        Resource: '*',
        Condition: { ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::1:role/probe'] } },
      },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { AWS: '*' }, Resource: '*' },
    ],
  });
  expect(
    allowsRole(document, role, { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:1:q' }),
  ).toBe(allowed);
});
