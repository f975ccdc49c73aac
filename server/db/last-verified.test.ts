import { expect, test } from 'vitest';
import { LastVerified, TRUSTED_MS } from './last-verified.ts';

test('what was confirmed counts for a quarter of an hour and no longer', () => {
  let now = 0;
  const known = new LastVerified<string>({ now: () => now });
  known.keep('a', 'ada', known.generation);
  now = TRUSTED_MS;
  expect(known.get('a')).toBe('ada');
  now += 1;
  expect(known.get('a')).toBeNull();
  expect(known.entries()).toEqual([]);
  known.keep('a', 'ada', known.generation);
  expect(known.get('a')).toBe('ada');
  known.delete('a');
  expect(known.get('a')).toBeNull();
});

test('what was asked for before a change of rights is not believed after it', () => {
  const known = new LastVerified<string>();
  const { generation } = known;
  known.keep('a', 'ada', generation);
  expect(known.distrust()).toEqual([['a', 'ada']]);
  expect(known.get('a')).toBeNull();
  known.keep('a', 'ada', generation);
  expect(known.get('a'), 'its answer was made before').toBeNull();
  known.keep('a', 'ada', known.generation);
  expect(known.get('a')).toBe('ada');
});

test('what is over counts no more, and the rest for no longer than it did', () => {
  let now = 0;
  const known = new LastVerified<string>({ now: () => now });
  const { generation } = known;
  for (const [key, value] of [
    ['a', 'ada'],
    ['b', 'ada'],
    ['c', 'bob'],
  ] as const)
    known.keep(key, value, generation);
  now = TRUSTED_MS;
  known.revoke((value) => value === 'ada');
  expect(known.entries()).toEqual([['c', 'bob']]);
  known.keep('a', 'ada', generation);
  expect(known.get('a'), 'it was asked before').toBeNull();
  now += 1;
  expect(known.get('c')).toBeNull();
});

test('only the newest are kept', () => {
  const known = new LastVerified<number>({ most: 2 });
  for (const key of ['a', 'b', 'a', 'c']) known.keep(key, 1, known.generation);
  expect(known.entries().map(([key]) => key)).toEqual(['a', 'c']);
});
