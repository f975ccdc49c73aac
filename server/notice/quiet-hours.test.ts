import { expect, test } from 'vitest';
import { timeOf, toldAt } from './quiet-hours.ts';
import { minutesOf } from './schema.ts';

test.each([
  ['00:00', 0],
  ['07:30', 450],
  ['23:59', 1439],
  ['24:00', null],
  ['7:30', null],
  ['', null],
])('%s is minute %s of the day', (time, minutes) => {
  expect(minutesOf(time)).toBe(minutes);
  if (minutes !== null) expect(timeOf(minutes)).toBe(time);
});

const night = { from: 22 * 60, to: 7 * 60, timeZone: 'UTC' };
const lunch = { from: 12 * 60, to: 13 * 60, timeZone: 'UTC' };

test.each([
  ['2026-11-29T21:59:59Z', night, '2026-11-29T21:59:59Z'],
  ['2026-11-29T22:00:00Z', night, '2026-11-30T07:00:00Z'],
  ['2026-11-30T06:59:30Z', night, '2026-11-30T07:00:00Z'],
  ['2026-11-30T07:00:00Z', night, '2026-11-30T07:00:00Z'],
  ['2026-11-30T12:30:10Z', lunch, '2026-11-30T13:00:00Z'],
  ['2026-11-30T13:00:00Z', lunch, '2026-11-30T13:00:00Z'],
  // In Berlin it is an hour later than in UTC, in winter.
  ['2026-11-29T21:30:00Z', { ...night, timeZone: 'Europe/Berlin' }, '2026-11-30T06:00:00Z'],
  ['2026-11-29T20:30:00Z', { ...night, timeZone: 'Europe/Berlin' }, '2026-11-29T20:30:00Z'],
  ['2026-11-29T23:00:00Z', null, '2026-11-29T23:00:00Z'],
])('what happens at %s in %o is told at %s', (now, quiet, told) => {
  expect(toldAt(new Date(now), quiet)).toEqual(new Date(told));
});
