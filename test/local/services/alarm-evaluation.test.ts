import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlarmState,
  type Datapoint,
  evaluate,
  type MissingData,
} from '../../../infra/local/services/alarm-evaluation.ts';
import documented from '../../fixtures/alarms/documented-states.json' with { type: 'json' };

const policies: MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const states: AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/** `0` is fine, `X` breaches, `-` is missing; oldest first. */
const range = (datapoints: string): Datapoint[] =>
  datapoints.split(' ').map((sign, index) => ({
    time: index * 60_000,
    value: { '0': 0, X: 1, '-': undefined }[sign],
  }));

const breaches = (value: number) => value >= 1;

function stateOf(
  datapoints: string,
  rule: { n: number; m: number; policy: MissingData; current?: AlarmState },
): AlarmState {
  const { n, m, policy, current = 'OK' } = rule;
  const evaluationRule = { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData: policy, breaches };
  return evaluate(range(datapoints), evaluationRule, current).state;
}

describe('the states CloudWatch documents', () => {
  const cases = documented.flatMap((row) =>
    policies.flatMap((policy) =>
      states.map((current) => ({
        ...row,
        policy,
        current,
        expected: row[policy] === 'keep' ? current : (row[policy] as AlarmState),
      })),
    ),
  );

  it.each(cases)(
    '$datapoints, $datapointsToAlarm of $evaluationPeriods, $policy, in $current: $expected',
    ({ datapoints, evaluationPeriods: n, datapointsToAlarm: m, policy, current, expected }) => {
      expect(stateOf(datapoints, { n, m, policy, current })).toBe(expected);
    },
  );
});

describe('alarming before all datapoints are there', () => {
  it.each(['- - - - X', '- - - X -'])('%s waits: the next ones may be good', (datapoints) => {
    for (const current of states)
      expect(stateOf(datapoints, { n: 3, m: 3, policy: 'missing', current })).toBe(current);
  });

  it('does not happen on data older than the evaluation periods', () => {
    expect(stateOf('X - - - -', { n: 3, m: 2, policy: 'missing' })).toBe('OK');
  });
});

describe('old datapoints', () => {
  it('are used again while they are in the range, so a healthy metric that stops is not yet missing', () => {
    expect(stateOf('0 0 0 - -', { n: 3, m: 2, policy: 'breaching' })).toBe('OK');
    expect(stateOf('0 - - - -', { n: 3, m: 2, policy: 'breaching' })).toBe('ALARM');
  });

  it('beyond the evaluation periods count only when newer ones are missing', () => {
    expect(stateOf('X X 0 0 0', { n: 3, m: 2, policy: 'missing' })).toBe('OK');
    expect(stateOf('X X 0 - -', { n: 3, m: 2, policy: 'missing' })).toBe('ALARM');
  });
});

describe('any alarm', () => {
  const points = fc.array(fc.constantFrom('0', 'X', '-'), { minLength: 1, maxLength: 12 });
  const rules = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
    .map(([a, b]) => ({ n: Math.max(a, b), m: Math.min(a, b) }));

  it('without a gap alarms exactly when M of the last N breach, under every policy', () => {
    const gapless = fc.array(fc.constantFrom('0', 'X'), { minLength: 6, maxLength: 12 });
    fc.assert(
      fc.property(gapless, rules, fc.constantFrom(...policies), (signs, { n, m }, policy) => {
        const breaching = signs.slice(-n).filter((sign) => sign === 'X').length;
        expect(stateOf(signs.join(' '), { n, m, policy })).toBe(breaching >= m ? 'ALARM' : 'OK');
      }),
    );
  });

  it('is never called worse by notBreaching than by breaching', () => {
    fc.assert(
      fc.property(points, rules, (signs, { n, m }) => {
        const lenient = stateOf(signs.join(' '), { n, m, policy: 'notBreaching' });
        if (lenient === 'ALARM')
          expect(stateOf(signs.join(' '), { n, m, policy: 'breaching' })).toBe('ALARM');
      }),
    );
  });

  it('with policy ignore and no data keeps its state', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        rules,
        fc.constantFrom(...states),
        (length, { n, m }, current) => {
          expect(stateOf(Array(length).fill('-').join(' '), { n, m, policy: 'ignore', current })).toBe(
            current,
          );
        },
      ),
    );
  });
});
