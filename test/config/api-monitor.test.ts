import { api, defineConfig, type MonitorInput, status, step } from 'tocsin';
import { expect, test } from 'vitest';
import { resolve } from '../../shared/config/resolve.ts';

const url = 'https://shop.example.com/login';

const resolved = (...monitors: MonitorInput[]) =>
  resolve(defineConfig({ name: 'acme', monitors }), { local: false });

test('an API monitor is complete with its steps, each with what is expected of it', () => {
  const result = resolved(api('m', [step('login', url), step('cart', { url, expect: [status().is(201)] })]));

  const [monitor] = 'config' in result ? result.config.monitors : [];
  expect(JSON.parse(JSON.stringify(monitor))).toEqual(monitor);
  expect(monitor).toMatchObject({ kind: 'api', expect: [], every: 60_000, timeout: 10_000 });
  expect(monitor!.settings).toMatchObject({
    steps: [
      {
        name: 'login',
        method: 'GET',
        extract: {},
        expect: [{ property: 'status' }, { property: 'certificate' }],
      },
      { name: 'cart', expect: [{ property: 'status', operator: '==', value: 201, line: 'status == 201' }] },
    ],
    cleanup: [],
    secretVariables: [],
  });
});

test('a step that should fail is up when it is refused', () => {
  const result = resolved(
    api('m', [step('closed', { url, shouldFail: true, expect: ['body contains no'] })]),
  );

  expect(result).toMatchObject({
    config: {
      monitors: [{ settings: { steps: [{ expect: [{ property: 'status' }, { property: 'body' }] }] } }],
    },
  });
});

test('a misspelt field of a step is told what it may have been meant to be', () => {
  const misspelt = step('login', { url, extrat: {} } as { url: string });

  expect(resolved(api('m', [misspelt]))).toMatchObject({
    problems: [{ path: 'monitors[0] "m".steps[0] "login".extrat', fix: 'did you mean extract' }],
  });
});

test('an editor shows mistakes in steps before Tocsin does', () => {
  const steps = [
    // @ts-expect-error a step has a URL
    step('a', { method: 'POST' }),
    // @ts-expect-error a duration has a unit
    step('b', { url, timeout: '5' }),
    // @ts-expect-error where a value is, is a text
    step('c', { url, extract: { token: /a/ } }),
  ];
  expect(steps).toHaveLength(3);
});
