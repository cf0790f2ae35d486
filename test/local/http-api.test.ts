import { expect, test } from 'vitest';
import { createHttpApi } from '../../infra/local/http-api.ts';
import type { Outcome } from '../../infra/local/lambda/messages.ts';
import type { LocalRequest } from '../../infra/local/listen.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const clock = { now: () => noon, at: () => ({ cancel: () => {} }) };

const request = (method: string, path: string, rest: Partial<LocalRequest> = {}): LocalRequest => ({
  method,
  url: new URL(path, 'http://localhost:4400'),
  headers: {},
  body: Buffer.alloc(0),
  remoteAddress: '127.0.0.1',
  ...rest,
});

/** An API with these routes, whose functions answer the route's key, or `outcome`. */
function api(keys: string[], outcome?: Outcome) {
  const events: Record<string, unknown>[] = [];
  const httpApi = createHttpApi(clock, '000000000000');
  for (const key of keys)
    httpApi.addRoute({
      key,
      invoke: async (event) => {
        events.push(event as Record<string, unknown>);
        return outcome ?? { ok: true, payload: key };
      },
    });
  return { events, handle: httpApi.handle };
}

const routes = [
  '$default',
  'ANY /{proxy+}',
  'ANY /api/{proxy+}',
  'GET /api/incidents/{id}',
  'ANY /api/incidents/{id}',
  'POST /api/incidents',
];

test.each([
  ['GET', '/api/incidents/7', 'GET /api/incidents/{id}'],
  ['POST', '/api/incidents/7', 'ANY /api/incidents/{id}'],
  ['POST', '/api/incidents', 'POST /api/incidents'],
  ['GET', '/api/incidents', 'ANY /api/{proxy+}'],
  ['GET', '/api/incidents/7/comments', 'ANY /api/{proxy+}'],
  ['GET', '/monitors', 'ANY /{proxy+}'],
  ['GET', '/', '$default'],
])('%s %s goes to %s', async (method, path, key) => {
  expect((await api(routes).handle(request(method, path))).body).toBe(key);
});

test('as on AWS, a greedy path does not take the root', async () => {
  expect((await api(['ANY /{proxy+}']).handle(request('GET', '/'))).status).toBe(404);
});

test('a function gets the request in payload format 2.0', async () => {
  const { events, handle } = api(['POST /things/{id}']);

  await handle(
    request('POST', '/things/7?a=1&a=2&b=%C3%A4', {
      headers: {
        cookie: 'x=1; y=2',
        'content-type': 'application/json',
        'x-two': 'a, b',
        'user-agent': 'test',
      },
      body: Buffer.from('{"ä":1}'),
    }),
  );

  expect(events[0]).toMatchObject({
    version: '2.0',
    routeKey: 'POST /things/{id}',
    rawPath: '/things/7',
    rawQueryString: 'a=1&a=2&b=%C3%A4',
    cookies: ['x=1', 'y=2'],
    headers: { 'content-type': 'application/json', 'x-two': 'a, b' },
    queryStringParameters: { a: '1,2', b: 'ä' },
    pathParameters: { id: '7' },
    requestContext: {
      http: { method: 'POST', path: '/things/7', sourceIp: '127.0.0.1', userAgent: 'test' },
      timeEpoch: noon,
    },
    body: '{"ä":1}',
    isBase64Encoded: false,
  });
});

test('a body that is not text comes in base64', async () => {
  const { events, handle } = api(['$default']);

  await handle(
    request('POST', '/', {
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.from([255, 0]),
    }),
  );

  expect(events[0]).toMatchObject({ body: '/wA=', isBase64Encoded: true });
});

test.each([
  [
    'a full response',
    { statusCode: 201, headers: { 'Content-Type': 'text/html' }, cookies: ['a=1'], body: '<p>' },
    { status: 201, headers: { 'content-type': 'text/html', 'set-cookie': ['a=1'] }, body: '<p>' },
  ],
  [
    'a response in base64',
    { statusCode: 200, body: '/wA=', isBase64Encoded: true },
    { status: 200, body: Buffer.from([255, 0]) },
  ],
  [
    'no more than a value',
    { a: 1 },
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":1}' },
  ],
  [
    'a response that is none',
    { statusCode: 'ok' },
    { status: 500, body: '{"message":"Internal Server Error"}' },
  ],
])('%s is answered', async (_, payload, answer) => {
  expect(await api(['$default'], { ok: true, payload }).handle(request('GET', '/'))).toMatchObject(answer);
});

test('a failed function is answered without a word about why', async () => {
  const outcome: Outcome = {
    ok: false,
    error: { errorType: 'Error', errorMessage: 'secret', trace: ['secret'] },
  };

  expect(await api(['$default'], outcome).handle(request('GET', '/'))).toEqual({
    status: 500,
    headers: { 'content-type': 'application/json' },
    body: '{"message":"Internal Server Error"}',
  });
});
