import { afterAll, beforeAll, expect, it } from 'vitest';
import { raise, remove, type Stack, synthesized } from './stage.ts';

let template: string;
beforeAll(async () => {
  template = await synthesized('website.config.ts', { TARGET_URL: 'http://localhost:1/health' });
});
afterAll(() => remove(template));

interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  cookies?: string[];
  body: string;
}

const host = 'abc.execute-api.eu-central-1.amazonaws.com';

/** A request as API Gateway hands it to the function: unlike the local port, it adds no token. */
async function request(
  { world }: Stack,
  path: string,
  { cookies = [], form }: { cookies?: string[]; form?: Record<string, string> } = {},
): Promise<Answer> {
  const outcome = await world.lambda.invoke('Tocsin-shop-api', {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    cookies,
    headers: {
      host,
      accept: 'text/html',
      ...(form && { origin: `https://${host}`, 'content-type': 'application/x-www-form-urlencoded' }),
    },
    requestContext: { domainName: host, http: { method: form ? 'POST' : 'GET' } },
    isBase64Encoded: false,
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
  if (!outcome.ok) throw new Error(outcome.error.errorMessage);
  return outcome.payload as Answer;
}

it('trades the token kept in SSM for a cookie that opens every page, until it is given back', async () => {
  const stack = await raise(template, {});
  expect(await request(stack, '/incidents')).toMatchObject({
    statusCode: 303,
    headers: { location: '/sign-in?next=%2Fincidents' },
  });

  const token = stack.world.ssm.adminToken;
  const signedIn = await request(stack, '/sign-in', { form: { token, name: 'Ana', next: '/incidents' } });
  expect(signedIn).toMatchObject({ statusCode: 303, headers: { location: '/incidents' } });
  const cookies = signedIn.cookies!.map((cookie) => cookie.split(';')[0]!);
  const page = await request(stack, '/incidents', { cookies });
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('Ana');

  expect(
    (await request(stack, '/monitors/website/pause', { cookies, form: { lasts: '2h' } })).statusCode,
  ).toBe(303);
  expect(await stack.api('monitors/website')).toMatchObject({ state: 'paused', paused: { by: 'Ana' } });

  const signedOut = await request(stack, '/sign-out', { cookies, form: {} });
  expect(signedOut.cookies).toEqual([expect.stringMatching(/^__Host-tocsin=; Max-Age=0/)]);
});
