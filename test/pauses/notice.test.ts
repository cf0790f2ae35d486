import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noticeLastsMs, noticeOf, pausedBy } from '../../shared/pauses/notice.ts';

const noon = Date.UTC(2026, 10, 20, 12);

it('a notice names the paused monitors until it is out of date', () => {
  const notice = noticeOf(['web', 'api'], noon);
  expect([...pausedBy(notice, noon + noticeLastsMs - 1)]).toEqual(['web', 'api']);
  expect([...pausedBy(notice, noon + noticeLastsMs)]).toEqual([]);
});

it('what is no notice pauses nothing, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(pausedBy(text, noon).size).toBe(0);
    }),
  );
});
