import { expect, test } from 'vitest';
import type { Silence, Wanted } from '../../shared/silences/silence.ts';
import { expireSilence, maxSilences, setSilence } from '../../shared/silences/silencing.ts';
import { silencePorts } from '../support/suppression.ts';

const now = Date.UTC(2026, 10, 20, 12);
const hour = 3_600_000;

const wanted: Wanted = {
  matchers: [{ label: 'team', operator: '=', values: ['platform'] }],
  startsAt: now,
  endsAt: now + hour,
  by: 'ana',
  comment: '',
};
const silence = (id: string, more: Partial<Silence> = {}): Silence => ({
  ...wanted,
  id,
  updatedAt: now - 1,
  startsAt: now - 1,
  ...more,
});
const ports = (...given: Silence[]) => silencePorts(() => now, ...given);

test('a new silence is kept, and wakes nobody', async () => {
  const kept = ports();
  const made = await setSilence(kept, wanted);
  expect(await kept.readSilences()).toEqual([made]);
  expect(kept.woken).toEqual([]);
});

test('an edit with other matchers ends the old one, and wakes what it held back', async () => {
  const kept = ports(silence('old'));
  const made = await setSilence(
    kept,
    { ...wanted, matchers: [{ label: 'team', operator: '=', values: ['sales'] }] },
    'old',
  );
  expect(made.id).not.toBe('old');
  expect(await kept.readSilence('old')).toMatchObject({ endsAt: now });
  expect(kept.woken).toEqual(['old']);
});

test('expiring ends it and wakes what it held back; again it changes nothing, and wakes again', async () => {
  const kept = ports(silence('one'));
  const ended = await expireSilence(kept, 'one');
  expect(ended.endsAt).toBe(now);
  expect(await expireSilence(kept, 'one')).toEqual(ended);
  expect(kept.woken).toEqual(['one', 'one']);
});

test('an edit that comes when another one was written begins anew from that', async () => {
  const kept = ports(silence('one'));
  let disturbed = false;
  const made = await setSilence(
    {
      ...kept,
      async readSilences() {
        const silences = await kept.readSilences();
        if (!disturbed) {
          disturbed = true;
          await expireSilence(kept, 'one');
        }
        return silences;
      },
    },
    { ...wanted, startsAt: now - 1, endsAt: now + 2 * hour },
    'one',
  );
  expect(made.id).not.toBe('one');
  expect(await kept.readSilence('one')).toMatchObject({ endsAt: now });
});

test.each<[string, Partial<Wanted>, string | undefined, string]>([
  ['an end before its start', { endsAt: now - 1 }, undefined, 'its end must come after its start'],
  ['an end that is its start', { endsAt: now }, undefined, 'its end must come after its start'],
  ['an end that has passed', { startsAt: now - hour, endsAt: now }, undefined, 'its end has passed'],
  ['no author', { by: '' }, undefined, '1 to 100 characters'],
  ['a comment that is a book', { comment: 'x'.repeat(1_001) }, undefined, 'at most 1000 characters'],
  ['no matcher', { matchers: [] }, undefined, 'needs a matcher'],
  ['the id of none', {}, 'nobody', 'no silence has the id "nobody"'],
])('%s is refused', async (_, more, id, message) => {
  await expect(setSilence(ports(), { ...wanted, ...more }, id)).rejects.toThrow(message);
});

test('there is a limit to how many there are, in which those that are over do not count', async () => {
  const full = Array.from({ length: maxSilences }, (_, n) => silence(`s${n}`));
  await expect(setSilence(ports(...full), wanted)).rejects.toThrow('200 silences already');
  await expect(
    setSilence(ports(...full), { ...wanted, startsAt: now - 1, comment: 'longer' }, 's0'),
  ).resolves.toMatchObject({ id: 's0' });
  await expect(
    setSilence(ports(...full.slice(1), silence('s0', { endsAt: now })), wanted),
  ).resolves.toBeDefined();
});

test('nobody can expire what is not there', async () => {
  await expect(expireSilence(ports(), 'gone')).rejects.toMatchObject({ code: 'not-found' });
});
