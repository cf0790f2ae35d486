import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { awsEndpoint } from '../../infra/local/endpoint/endpoint.ts';
import { type Answerer, listen, text } from '../../infra/local/listen.ts';

const endpoint = awsEndpoint({
  place: { region: 'us-east-1', account: '000000000000' },
  services: {},
  lambda: undefined as never,
  refusal: () => undefined,
  capture: async () => text(200, 'captured'),
  log: () => {},
});

/** What a server answers to these bytes, and what it reports as its own fault. */
async function answerTo(lines: string[], answer: Answerer = endpoint, body = '') {
  const reported: unknown[] = [];
  const server = await listen({ port: 0, ownPages: false, report: (error) => reported.push(error) }, answer);
  onTestFinished(() => server.close());
  const socket = connect(server.port, '127.0.0.1');
  const [first, ...others] = lines;
  const head = [
    first,
    `host: 127.0.0.1:${server.port}`,
    'connection: close',
    `content-length: ${body.length}`,
  ];
  socket.end(`${[...head, ...others].join('\r\n')}\r\n\r\n${body}`);
  let received = '';
  for await (const chunk of socket) received += chunk;
  return { status: Number(received.split(' ')[1]), received, reported };
}

const signed = 'authorization: AWS4-HMAC-SHA256 Credential=me/20261120/us-east-1/sqs/aws4_request';
const target = (name: string) => `x-amz-target: ${name}`;

test.each<[string, string[], string, number]>([
  ['a path that is none', ['GET // HTTP/1.1'], '', 400],
  ['an outbox whose name is not encoded', ['POST /outbox/%zz HTTP/1.1'], '{}', 400],
  ['no signature', ['POST / HTTP/1.1', target('AmazonSQS.SendMessage')], '{}', 403],
  ['a body that is not JSON', ['POST / HTTP/1.1', signed, target('AmazonSQS.SendMessage')], '{', 400],
  ['null instead of an object', ['POST / HTTP/1.1', signed, target('AmazonSQS.SendMessage')], 'null', 400],
  ['a list instead of an object', ['POST / HTTP/1.1', signed, target('DynamoDB_20120810.Scan')], '[]', 400],
  ['a service that every object has', ['POST / HTTP/1.1', signed, target('constructor.name')], '{}', 404],
  [
    'a function whose name is not encoded',
    ['POST /2015-03-31/functions/%zz/invocations HTTP/1.1', signed],
    '{}',
    400,
  ],
])('%s is refused, and no fault of ours', async (_case, lines, body, status) => {
  expect(await answerTo(lines, endpoint, body)).toMatchObject({ status, reported: [] });
});

test.each([
  ['a header that HTTP cannot carry', { status: 200, headers: { location: '/\r\nset-cookie: a=b' } }],
  ['a status that there is not', { status: 7 }],
])('an answer with %s is our fault, and ends nothing else', async (_case, response) => {
  const { status, received, reported } = await answerTo(['GET / HTTP/1.1'], () => response);

  expect(status).toBe(500);
  expect(received).not.toContain('set-cookie');
  expect(reported).toHaveLength(1);
});
