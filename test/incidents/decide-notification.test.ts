import { expect, test } from 'vitest';
import { decideNotification, type Standing } from '../../shared/incidents/transition/decide-notification.ts';

const standing = (more: Partial<Standing>): Standing => ({
  announced: true,
  firing: 2,
  fresh: 0,
  gone: 0,
  sendResolved: true,
  repeatElapsed: false,
  ...more,
});

test.each<[string, Partial<Standing>, string | undefined]>([
  ['nobody was told, something fires', { announced: false }, 'first'],
  ['nobody was told, nothing fires any more (46, 56)', { announced: false, firing: 0 }, undefined],
  ['people were told of an end, something fires anew (50)', { announced: false, fresh: 1 }, 'first'],
  ['something fires that they were not told of (48)', { fresh: 1 }, 'new-alerts'],
  ['something new, and something over', { fresh: 1, gone: 1 }, 'new-alerts'],
  ['something new, in time for a reminder', { fresh: 1, repeatElapsed: true }, 'new-alerts'],
  ['nothing fires any more', { firing: 0, gone: 2 }, 'resolved'],
  ['nothing fires any more, for those who do not want ends', { firing: 0, sendResolved: false }, 'resolved'],
  ['some of it is over (49)', { gone: 1 }, 'alerts-resolved'],
  ['some of it is over, for those who do not want ends (49)', { gone: 1, sendResolved: false }, undefined],
  [
    'some of it is over, in time for a reminder',
    { gone: 1, sendResolved: false, repeatElapsed: true },
    'repeat',
  ],
  ['the same for long', { repeatElapsed: true }, 'repeat'],
  ['the same', {}, undefined],
])('%s', (_, what, reason) => {
  expect(decideNotification(standing(what))).toBe(reason);
});
