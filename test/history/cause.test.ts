import { describe, expect, it } from 'vitest';
import { causeOf, causeText, withVotes } from '../../shared/history/cause.ts';
import type { NowItem, Vote } from '../../shared/history/history.ts';
import type { Outcome, Reason } from '../../shared/monitors/observation.ts';

const vote = (location: string, outcome: Outcome, reason?: Reason): Vote => ({
  location,
  outcome,
  ...(reason && { reason }),
});
const refused = (location: string) => vote(location, 'down', 'connection-refused');
const nameless = (location: string) => vote(location, 'down', 'dns-not-found');
const blind = (location: string) => vote(location, 'unknown', 'no-network');

describe('the cause of a failure', () => {
  it.each([
    ['the target where all see it fail', [refused('a'), refused('b'), refused('c')], 'target'],
    ['the target where all that can see do', [refused('a'), refused('b'), blind('c')], 'target'],
    ['the target where only some cannot look its name up', [nameless('a'), refused('b')], 'target'],
    ['the region where another one reaches it', [refused('a'), vote('b', 'up'), vote('c', 'up')], 'region'],
    ['the region where another one sees it degraded', [refused('a'), vote('b', 'degraded')], 'region'],
    ['the region where another one can look its name up', [nameless('a'), vote('b', 'up')], 'region'],
    ['DNS where nobody can look its name up', [nameless('a'), vote('b', 'down', 'dns-timeout')], 'dns'],
    ['the probe where its location has no network', [blind('a')], 'probe'],
    ['the probe where the others are well', [blind('a'), vote('b', 'up')], 'probe'],
    ['not known from one vote', [refused('a')], undefined],
    ['not known where nobody else could tell', [refused('a'), blind('b')], undefined],
    ['nothing where nothing fails', [vote('a', 'up'), vote('b', 'up')], undefined],
  ])('is %s', (_, votes, cause) => {
    expect(causeOf(votes)).toBe(cause);
  });

  it('is told with who said what', () => {
    expect(causeText({ cause: 'region', votes: [refused('home'), vote('frankfurt', 'up')] })).toBe(
      'the region: other locations reach the target (home down, frankfurt up)',
    );
    expect(causeText({})).toBeUndefined();
  });
});

describe('evidence', () => {
  const observation = { monitor: 'site', at: 0, outcome: 'down', reason: 'connection-refused' } as const;
  const now = (location: string, ...recent: [number, Outcome, null][]): NowItem => ({
    location,
    shard: 'any',
    every: 10,
    slot: 20,
    monitors: { site: { outcome: 'up', since: 0, recent } },
  });

  it('has the votes of its own slot, whatever came later', () => {
    const items = [
      now('home', [10, 'down', null], [20, 'up', null]),
      now('frankfurt', [10, 'up', null], [20, 'down', null]),
    ];
    expect(withVotes([{ location: 'home', slot: 10, observation }], 'site', items)).toEqual([
      {
        location: 'home',
        slot: 10,
        observation,
        votes: [refused('home'), vote('frankfurt', 'up')],
        cause: 'region',
      },
    ]);
  });

  it('of a slot that nobody else saw has one vote and no cause', () => {
    const [item] = withVotes([{ location: 'home', slot: 10, observation }], 'site', [
      now('home', [10, 'down', null]),
      now('frankfurt'),
    ]);
    expect(item).toMatchObject({ votes: [refused('home')] });
    expect(item).not.toHaveProperty('cause');
  });

  it('from the only location is as it was', () => {
    const evidence = [{ location: 'home', slot: 10, observation }];
    expect(withVotes(evidence, 'site', [now('home', [10, 'down', null])])).toEqual(evidence);
  });
});
