import { expect, test } from 'vitest';
import { nextStart } from './restart-policy.ts';

const policy = (more = {}) =>
  ({ policy: 'always', delayMs: 1000, maxDelayMs: 5000, attempts: null, ...more }) as const;
const end = { failed: true, ranMs: 0, count: 0 };

test.each([
  ['no', true, { gaveUp: false }],
  ['no', false, { gaveUp: false }],
  ['on-failure', true, { inMs: 1000, count: 1 }],
  ['on-failure', false, { gaveUp: false }],
  ['always', true, { inMs: 1000, count: 1 }],
  ['always', false, { inMs: 1000, count: 1 }],
] as const)('%s after a failure (%s)', (name, failed, then) => {
  expect(nextStart({ ...policy(), policy: name }, { ...end, failed })).toEqual(then);
});

test('the pause doubles up to its bound, and a long run brings back the first', () => {
  const pauses = [0, 1, 2, 3, 4, 200].map((count) => nextStart(policy(), { ...end, count }));
  expect(pauses.map((one) => 'inMs' in one && one.inMs)).toEqual([1000, 2000, 4000, 5000, 5000, 5000]);
  // The pause before this run was 4 s.
  expect(nextStart(policy(), { failed: true, count: 3, ranMs: 39_999 })).toEqual({ inMs: 5000, count: 4 });
  expect(nextStart(policy(), { failed: true, count: 3, ranMs: 40_000 })).toEqual({ inMs: 1000, count: 1 });
});

test('it gives up after so many in a row', () => {
  const twice = policy({ attempts: 2 });
  expect(nextStart(twice, { ...end, count: 1 })).toEqual({ inMs: 2000, count: 2 });
  expect(nextStart(twice, { ...end, count: 2 })).toEqual({ gaveUp: true });
  expect(nextStart(twice, { ...end, count: 2, ranMs: 20_000 })).toEqual({ inMs: 1000, count: 1 });
});

test('without a pause, a run of ten seconds is a long one', () => {
  const at = (ranMs: number) =>
    nextStart(policy({ delayMs: 0, maxDelayMs: 0 }), { failed: true, count: 2, ranMs });
  expect([at(9_999), at(10_000)]).toEqual([
    { inMs: 0, count: 3 },
    { inMs: 0, count: 1 },
  ]);
});

test('a bound below the first pause does not shorten it', () => {
  expect(nextStart(policy({ maxDelayMs: 0 }), { ...end, count: 5 })).toEqual({ inMs: 1000, count: 6 });
});
