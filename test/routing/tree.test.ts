import { expect, describe as suite, test } from 'vitest';
import { routesFor } from '../../shared/routing/tree.ts';
import { routeTo } from '../support/routes.ts';

suite('routes', () => {
  const labels = { severity: 'critical', service: 'web', team: 'platform' };
  test.each<[string, Record<string, string[]>[], number | undefined]>([
    ['the first that fits owns it', [{ severity: ['high'] }, { service: ['web'] }, {}], 1],
    ['any of the values will do', [{ severity: ['high', 'critical'] }], 0],
    ['every label must fit', [{ severity: ['critical'], team: ['data'] }], undefined],
    ['a label that is not there fits nothing', [{ region: ['eu'] }], undefined],
    ['an empty one matches everything', [{}], 0],
  ])('%s', (_, matches, index) => {
    const routes = matches.map((match, n) => routeTo([`channel-${n}`], match));
    expect(routesFor(routes, labels)).toEqual(index === undefined ? [] : [routes[index]]);
  });
});
