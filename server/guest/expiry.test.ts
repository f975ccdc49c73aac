import { expect, test } from 'vitest';
import { dayAfter, daysUntil, dueReminder, expiryReminder } from './expiry-schema.ts';

const NOON = Date.parse('2026-11-29T12:00:00Z');

test.each([
  ['2026-12-07', null],
  ['2026-12-06', { text: 'expires in 7 days', isLast: false, isOver: false }],
  ['2026-12-01', { text: 'expires in 2 days', isLast: false, isOver: false }],
  ['2026-11-30', { text: 'expires tomorrow', isLast: true, isOver: false }],
  ['2026-11-29', { text: 'has expired today', isLast: true, isOver: true }],
  ['2026-11-01', { text: 'expired on 2026-11-01', isLast: true, isOver: true }],
  [null, null],
])('on 29 November, %s is told as it is', (day, reminder) => {
  expect(expiryReminder(day, NOON)).toEqual(reminder);
});

test('days are those of the calendar, whatever the hour', () => {
  expect(daysUntil('2026-11-30', Date.parse('2026-11-29T23:59:59Z'))).toBe(1);
  expect(daysUntil('2026-11-30', Date.parse('2026-11-30T00:00:00Z'))).toBe(0);
  expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01');
  expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29');
});

test.each([
  ['2026-12-07', null],
  ['2026-12-06', 7],
  ['2026-12-01', 7],
  ['2026-11-30', 1],
  ['2026-11-29', 1],
  ['2026-11-28', null],
  [null, null],
])('on 29 November, %s is due for the reminder of %s days before', (day, days) => {
  expect(dueReminder(day, NOON)).toBe(days);
});
