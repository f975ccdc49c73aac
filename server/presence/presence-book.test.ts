import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Rights } from '../access/may.ts';
import type { BerthEvent } from '../event/schema.ts';
import { PresenceBook, type Seat } from './presence-book.ts';
import { MOST_SEATS } from './schema.ts';
import { seenBy } from './seen-by.ts';

const ada: Seat = { account: 'user:a', name: 'ada', guest: 'g1', page: 'limits', isIdle: false };
const bob = { account: 'user:b', name: 'bob', drives: true };

let told: BerthEvent[];
let book: PresenceBook;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  book = new PresenceBook({ publish: (event) => void told.push(event) }, { everyMs: 200 });
});
afterEach(() => {
  book.stop();
  vi.useRealTimers();
});

test('somebody is there while a window is, and counts once with several', () => {
  const leave = book.sit(ada);
  expect(told).toEqual([
    {
      type: 'presence.changed',
      guest: 'g1',
      people: [{ name: 'ada', isIdle: false, doing: [{ page: 'limits' }] }],
    },
  ]);
  const leaveSame = book.sit(ada);
  const leaveOther = book.sit({ ...ada, page: 'activity' });
  expect(book.of('g1')).toEqual([
    { name: 'ada', isIdle: false, doing: [{ page: 'limits' }, { page: 'activity' }] },
  ]);
  leave();
  leave();
  leaveOther();
  expect(book.of('g1')).toEqual([{ name: 'ada', isIdle: false, doing: [{ page: 'limits' }] }]);
  leaveSame();
  vi.advanceTimersByTime(200);
  expect(told.at(-1)).toEqual({ type: 'presence.changed', guest: 'g1', people: [] });
  expect(book.guests()).toEqual([]);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(200);
  expect(vi.getTimerCount()).toBe(0);
});

test('whoever changes pages all the time is told a few times', () => {
  for (let n = 0; n < 1000; n++) {
    const leave = book.sit({ ...ada, page: n % 2 ? 'limits' : 'activity' });
    vi.advanceTimersByTime(1);
    leave();
  }
  expect(told.length).toBeLessThanOrEqual(6);
  vi.advanceTimersByTime(1000);
  expect(told.at(-1)).toMatchObject({ people: [] });
});

test('what has not changed is not told again', () => {
  book.sit(ada);
  book.sit(ada);
  vi.advanceTimersByTime(1000);
  expect(told).toHaveLength(1);
});

test('a person is idle where all their windows are; in a terminal, where all are that they have', () => {
  const leaveIdle = book.sit({ ...ada, isIdle: true });
  expect(book.of('g1')[0]?.isIdle).toBe(true);
  const elsewhere = book.sit({ ...ada, guest: null });
  // The window on show is another one.
  expect(book.of('g1')[0]?.isIdle).toBe(true);
  book.setTerminal('s1', {
    guest: 'g1',
    kind: 'shell',
    name: 'build',
    people: [{ ...bob, account: 'user:a', name: 'ada' }],
  });
  expect(book.of('g1')).toEqual([
    {
      name: 'ada',
      isIdle: false,
      doing: [{ terminal: 'shell', name: 'build', types: true }, { page: 'limits' }],
    },
  ]);
  elsewhere();
  expect(book.of('g1')[0]?.isIdle).toBe(true);
  vi.advanceTimersByTime(200);
  expect(told.at(-1)).toMatchObject({ people: [{ isIdle: true }] });
  leaveIdle();
  // Nothing is known of the windows of a command line.
  expect(book.of('g1')[0]?.isIdle).toBe(false);
});

test('a terminal is forgotten with its last person, a guest with its end', () => {
  book.setTerminal('s1', { guest: 'g1', kind: 'shell', name: null, people: [bob] });
  book.setTerminal('c1', { guest: 'g1', kind: 'console', name: null, people: [{ ...bob, drives: false }] });
  book.sit(ada);
  expect(book.of('g1').map(({ name }) => name)).toEqual(['ada', 'bob']);
  expect(book.of('g1')[1]?.doing).toHaveLength(2);
  book.setTerminal('s1', { guest: 'g1', kind: 'shell', name: null, people: [] });
  expect(book.of('g1')[1]?.doing).toEqual([{ terminal: 'console', name: null, types: false }]);
  book.forget('g1');
  expect(book.guests()).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
});

test('there is an end to the windows of one person, and others are not in the way', () => {
  for (let n = 0; n < MOST_SEATS; n++) book.sit(ada);
  expect(() => book.sit(ada)).toThrow(/100 windows/);
  expect(() => book.sit({ ...ada, account: 'user:b', name: 'bob' })).not.toThrow();
});

test('which terminal somebody is in is for who may look at terminals', () => {
  const people = [
    {
      name: 'bob',
      isIdle: false,
      doing: [
        { terminal: 'shell', name: 'secret plan', types: true } as const,
        { page: 'terminal' } as const,
      ],
    },
  ];
  const may = (permission: 'guest.view' | 'console.watch'): Rights => ({
    unlimited: false,
    grants: [{ permissions: new Set([permission]), guest: 'g1' }],
  });
  expect(seenBy(may('guest.view'), 'g1', people)).toEqual([
    { name: 'bob', isIdle: false, doing: [{ page: 'terminal' }] },
  ]);
  expect(seenBy(may('console.watch'), 'g1', people)).toEqual(people);
  expect(seenBy(may('console.watch'), 'g2', people)).not.toEqual(people);
});
