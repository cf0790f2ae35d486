import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nowAndNext, onCall, shiftsOf } from '../../shared/oncall/oncall.ts';
import type { Override, Rotation, RotationLayer } from '../../shared/oncall/rotation.ts';
import { channelsOf } from '../../shared/oncall/targets.ts';

const at = (text: string) => Date.parse(text);
const iso = (time: number) => new Date(time).toISOString().replace(':00.000Z', 'Z');

const weeks = (changes: Partial<RotationLayer> = {}): RotationLayer => ({
  people: ['ana', 'ben', 'eva'],
  start: '2026-01-05T09:00',
  turn: { unit: 'days', count: 7 },
  ...changes,
});

const rotation = (...layers: RotationLayer[]): Rotation => ({
  id: 'platform',
  zone: 'Europe/Madrid',
  layers,
});

const override = (person: string, from: string, to: string, id = 'one'): Override => ({
  id,
  rotation: 'platform',
  person,
  from: at(from),
  to: at(to),
  by: 'eva',
});

describe('105 who is on call', () => {
  test.each<[string, string | undefined, string]>([
    ['2026-01-05T08:00:00Z', 'ana', 'at the first hand-over'],
    ['2026-01-05T07:59:59.999Z', undefined, 'before it'],
    ['2026-01-12T07:59:59.999Z', 'ana', 'until the next'],
    ['2026-01-12T08:00:00Z', 'ben', 'exactly at it'],
    ['2026-01-26T08:00:00Z', 'ana', 'after everybody had a turn'],
    ['2026-03-30T06:59:59.999Z', 'eva', 'a turn over the change of the clocks is an hour shorter'],
    ['2026-03-30T07:00:00Z', 'ana', 'and hands over at 09:00 as ever'],
    ['2026-10-26T07:59:59.999Z', 'eva', 'in autumn an hour longer'],
    ['2026-10-26T08:00:00Z', 'ana', 'and hands over at 09:00 as ever'],
  ])('at %s it is %s: %s', (moment, person) => {
    expect(onCall(rotation(weeks()), [], at(moment))).toBe(person);
  });

  const hourly = (start: string) => rotation(weeks({ start, turn: { unit: 'hours', count: 1 } }));

  test('a hand-over at an hour that the clocks leave out is when they leap, and that turn is none', () => {
    const shifts = shiftsOf(hourly('2026-03-29T01:00'), [], at('2026-03-29T00:00Z'), at('2026-03-29T03:00Z'));
    expect(shifts.map(({ person, from }) => [person, iso(from)])).toEqual([
      ['ana', '2026-03-29T00:00Z'],
      ['eva', '2026-03-29T01:00Z'],
      ['ana', '2026-03-29T02:00Z'],
    ]);
  });

  test('an hour that comes twice belongs to one turn', () => {
    const shifts = shiftsOf(hourly('2026-10-25T01:00'), [], at('2026-10-24T23:00Z'), at('2026-10-25T03:00Z'));
    expect(shifts.map(({ person, from }) => [person, iso(from)])).toEqual([
      ['ana', '2026-10-24T23:00Z'],
      ['ben', '2026-10-25T00:00Z'],
      ['eva', '2026-10-25T02:00Z'],
    ]);
  });

  const nights = weeks({
    people: ['noa'],
    hours: [
      { days: [1, 2, 3, 4, 5], from: 22 * 60, to: 24 * 60 },
      { days: [2, 3, 4, 5, 6], from: 0, to: 6 * 60 },
    ],
  });

  test.each([
    ['2026-11-20T12:00:00Z', 'by day the lower layer', 'ana'],
    ['2026-11-20T21:00:00Z', 'by night the upper one', 'noa'],
    ['2026-11-21T04:59:00Z', 'also after midnight', 'noa'],
    ['2026-11-21T05:00:00Z', 'exactly to its end', 'ana'],
  ])('of overlapping layers at %s: %s', (moment, _, person) => {
    expect(onCall(rotation(weeks({ people: ['ana'] }), nights), [], at(moment))).toBe(person);
  });

  test('outside of the hours of its only layer it is nobody', () => {
    expect(onCall(rotation(nights), [], at('2026-11-20T12:00:00Z'))).toBeUndefined();
  });

  const change = override('eva', '2026-11-20T12:00:00Z', '2026-11-20T18:00:00Z');
  test.each([
    ['2026-11-20T11:59:59.999Z', 'ana'],
    ['2026-11-20T12:00:00Z', 'eva'],
    ['2026-11-20T17:59:59.999Z', 'eva'],
    ['2026-11-20T18:00:00Z', 'ana'],
  ])('with an override at %s it is %s', (moment, person) => {
    const platform = rotation(weeks({ people: ['ana'] }));
    expect(onCall(platform, [change], at(moment))).toBe(person);
    expect(onCall({ ...platform, id: 'data' }, [change], at(moment))).toBe('ana');
  });

  test('of overrides that overlap the latest counts', () => {
    const again = override('ben', '2026-11-20T13:00:00Z', '2026-11-20T14:00:00Z', 'two');
    const moment = at('2026-11-20T13:30:00Z');
    expect(onCall(rotation(weeks()), [change, again], moment)).toBe('ben');
  });
});

describe('shifts', () => {
  test('are those that overrides cut, and end where nobody follows', () => {
    const platform = rotation(weeks({ people: ['ana', 'ben'] }));
    const change = override('eva', '2026-01-07T00:00Z', '2026-01-08T00:00Z');
    expect(
      shiftsOf(platform, [change], at('2026-01-04T00:00Z'), at('2026-01-14T00:00Z')).map(
        ({ person, from, to, override }) => [person, iso(from), iso(to), override],
      ),
    ).toEqual([
      ['ana', '2026-01-05T08:00Z', '2026-01-07T00:00Z', undefined],
      ['eva', '2026-01-07T00:00Z', '2026-01-08T00:00Z', 'one'],
      ['ana', '2026-01-08T00:00Z', '2026-01-12T08:00Z', undefined],
      ['ben', '2026-01-12T08:00Z', '2026-01-14T00:00Z', undefined],
    ]);
  });

  test('agree at every moment with who is on call', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 });
    const quarter = fc.integer({ min: 0, max: 96 }).map((each) => each * 15);
    const layer = fc.record({
      people: fc.uniqueArray(fc.constantFrom('ana', 'ben', 'eva'), { minLength: 1 }),
      start: fc.constantFrom('2026-03-01T02:30', '2026-10-20T09:00', '2026-03-28T22:00'),
      turn: fc.constantFrom<RotationLayer['turn']>(
        { unit: 'days', count: 1 },
        { unit: 'days', count: 7 },
        { unit: 'hours', count: 12 },
        { unit: 'hours', count: 1 },
      ),
      hours: fc.option(
        fc.array(fc.record({ days, from: quarter, to: quarter }), { minLength: 1, maxLength: 2 }),
        {
          nil: undefined,
        },
      ),
    });
    const layers = fc.array(layer, { maxLength: 3 });
    const zone = fc.constantFrom('Europe/Madrid', 'Australia/Lord_Howe', 'America/New_York');
    const start = fc
      .constantFrom('2026-03-07', '2026-03-28', '2026-04-04', '2026-10-03', '2026-10-24')
      .map(at);
    fc.assert(
      fc.property(layers, zone, start, fc.nat(3 * 96), (made, zone, from, steps) => {
        const wanted = { id: 'platform', zone, layers: made } as Rotation;
        const change = {
          ...override('noa', '2026-01-01', '2026-01-01'),
          from: from + 7_200_000,
          to: from + 9_000_000,
        };
        const shifts = shiftsOf(wanted, [change], from, from + 3 * 86_400_000);
        const moment = from + steps * 890_000;
        const shift = shifts.find((each) => each.from <= moment && moment < each.to);
        expect(shift?.person).toBe(
          moment < from + 3 * 86_400_000 ? onCall(wanted, [change], moment) : undefined,
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('who is on call now and next', () => {
  test('with the time of the hand-over', () => {
    const { now, next } = nowAndNext(rotation(weeks()), [], at('2026-01-06T00:00Z'));
    expect([now?.person, iso(now!.to), next?.person]).toEqual(['ana', '2026-01-12T08:00Z', 'ben']);
  });

  test('is looked for as far ahead as turns are long', () => {
    const yearly = rotation(weeks({ turn: { unit: 'days', count: 364 } }));
    expect(nowAndNext(yearly, [], at('2026-01-06T00:00Z')).next?.person).toBe('ben');
  });

  test('nobody now, and whoever begins', () => {
    const { now, next } = nowAndNext(rotation(weeks()), [], at('2026-01-01T00:00Z'));
    expect([now, next?.person, iso(next!.from)]).toEqual([undefined, 'ana', '2026-01-05T08:00Z']);
  });

  test('always the same one has nobody next', () => {
    const { now, next } = nowAndNext(rotation(weeks({ people: ['ana'] })), [], at('2026-01-06T00:00Z'));
    expect([now?.person, next]).toEqual(['ana', undefined]);
  });
});

describe('102 the channels of a target', () => {
  const roster = {
    channels: ['ops', 'ana-push', 'ana-mail', 'ben-push'].map((id) => ({ id, kind: 'slack', settings: {} })),
    people: [
      { id: 'ana', name: 'Ana', contacts: ['ana-push', 'ana-mail'] },
      { id: 'ben', name: 'Ben', contacts: ['ben-push'] },
      { id: 'mia', name: 'Mia', contacts: [] },
    ],
    rotations: [
      rotation(weeks({ people: ['ana', 'ben'] })),
      { id: 'nobody', zone: 'UTC', layers: [] },
      { id: 'silent', zone: 'UTC', layers: [weeks({ people: ['mia'] })] },
    ],
  };
  const gone = override('zoe', '2026-01-06T00:00Z', '2026-01-07T00:00Z');
  const stand = override('ben', '2026-01-06T00:00Z', '2026-01-07T00:00Z');

  test.each([
    ['a channel is itself', { channel: 'ops' }, [], ['ops']],
    ['of a person, the contacts', { person: 'ana' }, [], ['ana-push', 'ana-mail']],
    ['of a rotation, those of whoever is on call', { rotation: 'platform' }, [], ['ana-push', 'ana-mail']],
    ['or stands in', { rotation: 'platform' }, [stand], ['ben-push']],
    [
      'somebody who has left stands in for nobody',
      { rotation: 'platform' },
      [gone],
      ['ana-push', 'ana-mail'],
    ],
    ['of an empty rotation none', { rotation: 'nobody' }, [], []],
    ['of a person without contacts none', { rotation: 'silent' }, [], []],
    ['of a person who is no more none', { person: 'zoe' }, [], []],
    ['of a rotation that is no more none', { rotation: 'gone' }, [], []],
    ['of a channel that is no more none', { channel: 'gone' }, [], []],
  ])('%s', (_, target, overrides, channels) => {
    expect(channelsOf(target as never, roster, overrides, at('2026-01-06T12:00Z'))).toEqual(channels);
  });
});
