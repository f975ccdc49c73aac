import { expect, test } from 'vitest';
import { newId } from './new-id.ts';

test('ids are unlike each other and in order, also within one millisecond and with a clock that goes back', () => {
  const now = Date.now();
  const ids = [
    ...Array.from({ length: 1000 }, () => newId()),
    newId(now - 5000),
    newId(now + 60_000),
    newId(),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => /^[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true);
});
