import { describe, expect, test } from 'vitest';
import { changesBefore, type Deployment } from '../../shared/deployments/deployment.ts';
import { announcedDeployment } from '../../shared/deployments/recording.ts';
import { beforeText } from '../../shared/deployments/told.ts';

const opened = Date.parse('2026-11-20T05:10:00Z');
const minutes = (count: number) => count * 60_000;

const deployed = (ago: number, more: Partial<Deployment> = {}): Deployment => ({
  id: `${ago}`,
  at: opened - minutes(ago),
  source: 'api',
  title: 'web 1.2.3',
  ...more,
});

const attached = (deployments: Deployment[], labels: Record<string, string> = { service: 'web' }) =>
  changesBefore(deployments, opened, labels).map(({ id }) => id);

describe('deployments attached to an incident', () => {
  test('are those of the half hour before it, the latest first', () => {
    expect(attached([deployed(31), deployed(30), deployed(12), deployed(0), deployed(-1)])).toEqual([
      '0',
      '12',
      '30',
    ]);
  });

  test('are the ten latest', () => {
    const many = Array.from({ length: 25 }, (_, n) => deployed(n));
    expect(attached(many)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('one of which more became known is told once, as it was last', () => {
    const steps = [
      deployed(9, { id: 'd-1', title: 'deployment begun' }),
      deployed(4, { id: 'd-1', title: 'deployment failed' }),
    ];
    const [change, ...others] = changesBefore(steps, opened, {});
    expect([change?.title, others]).toEqual(['deployment failed', []]);
  });

  test.each([
    ['of its service', 'web', { service: 'web' }, true],
    ['of another service', 'billing', { service: 'web' }, false],
    ['of no service in particular', undefined, { service: 'web' }, true],
    ['of a service, of an incident of none', 'web', {}, true],
  ])('may be %s', (_, service, labels, isAttached) => {
    expect(attached([deployed(5, service === undefined ? {} : { service })], labels)).toHaveLength(
      isAttached ? 1 : 0,
    );
  });
});

test('a deployment is told by how long before it was, and by whom', () => {
  expect(beforeText(deployed(12, { by: 'ana' }), opened)).toBe('12 min before: web 1.2.3 by ana');
  expect(beforeText(deployed(0.5), opened)).toBe('30 s before: web 1.2.3');
});

describe('a deployment that somebody tells of', () => {
  const said = { at: opened, service: 'web', version: '1.2.3' };

  test.each([
    [said, 'web 1.2.3'],
    [{ ...said, text: 'new checkout' }, 'web 1.2.3: new checkout'],
    [{ at: opened, text: 'flag new-cart on' }, 'flag new-cart on'],
  ])('%j is called %s', (announced, title) => {
    expect(announcedDeployment(announced)).toMatchObject({ title, source: 'api' });
  });

  test('is the same when it is told again, and another one at another time or of another version', () => {
    const { id } = announcedDeployment(said);
    expect(announcedDeployment({ ...said }).id).toBe(id);
    expect(announcedDeployment({ ...said, version: '1.2.4' }).id).not.toBe(id);
    expect(announcedDeployment({ ...said, at: opened + 1 }).id).not.toBe(id);
    expect(announcedDeployment({ ...said, id: 'run-17' }).id).toBe('run-17');
  });
});
