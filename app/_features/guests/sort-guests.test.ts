import { expect, test } from 'vitest';
import { sortGuests } from './sort-guests.ts';
import { testGuest } from './test-guest.ts';

const at = (ipv4: string | null) => ({ addresses: { ipv4, ipv6: null, mac: null } });
const guests = [
  testGuest('web-10', { ...at('10.0.0.10'), startedAt: '2026-11-03T00:00:00.000Z' }),
  testGuest('web-9', { ...at('10.0.0.9'), startedAt: '2026-11-02T00:00:00.000Z' }),
  testGuest('idle', { ...at(null), usage: null, startedAt: null }),
];
const by = (column: string, descending = false) =>
  sortGuests(guests, { column, descending }).map(({ name }) => name);

test('numbers in names and addresses count as numbers', () => {
  expect(by('name')).toEqual(['idle', 'web-9', 'web-10']);
  expect(by('ipv4')).toEqual(['web-9', 'web-10', 'idle']);
});

test('what has no value comes last in both directions', () => {
  expect(by('ipv4', true)).toEqual(['web-10', 'web-9', 'idle']);
  expect(by('memory')).toEqual(['web-9', 'web-10', 'idle']);
});

test('the shortest uptime comes first', () => {
  expect(by('uptime')).toEqual(['web-10', 'web-9', 'idle']);
});

test('an unknown column sorts by name and the input stays as it was', () => {
  expect(by('nonsense')).toEqual(['idle', 'web-9', 'web-10']);
  expect(guests[0]?.name).toBe('web-10');
});
