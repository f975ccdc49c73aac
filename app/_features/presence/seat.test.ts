import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeptSeat, type Open } from './keep-seat.ts';
import { IDLE_AFTER, watchIdle } from './watch-idle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

class Page extends EventTarget {
  hidden = false;
}

test('a window is idle while it is hidden, and when nobody has touched it for a while', () => {
  const page = new Page();
  const told: boolean[] = [];
  let now = 0;
  const stop = watchIdle(
    page,
    (idle) => told.push(idle),
    () => now,
  );
  vi.advanceTimersByTime(IDLE_AFTER - 1);
  expect(told).toEqual([]);
  now = IDLE_AFTER - 1;
  page.dispatchEvent(new Event('pointermove'));
  vi.advanceTimersByTime(IDLE_AFTER - 1);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([true]);
  page.dispatchEvent(new Event('keydown'));
  expect(told).toEqual([true, false]);
  page.hidden = true;
  page.dispatchEvent(new Event('visibilitychange'));
  page.dispatchEvent(new Event('keydown'));
  expect(told).toEqual([true, false, true]);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  expect(told).toEqual([true, false, true, false]);
  stop();
  vi.advanceTimersByTime(2 * IDLE_AFTER);
  expect(told).toHaveLength(4);
  expect(vi.getTimerCount()).toBe(0);
});

function seats() {
  const opened: { where: object; on: Parameters<Open>[1]; isOpen: boolean }[] = [];
  const seat = new KeptSeat((where, on) => {
    const one = { where, on, isOpen: true };
    opened.push(one);
    const unsubscribe = () => {
      one.isOpen = false;
    };
    return { unsubscribe };
  });
  return { seat, opened, places: () => opened.filter(({ isOpen }) => isOpen).map(({ where }) => where) };
}

test('a seat is kept until the next one counts', () => {
  const { seat, opened, places } = seats();
  seat.move({ guest: 'a' });
  seat.move({ guest: 'b' });
  seat.move({ guest: 'c' });
  expect(places()).toEqual([{ guest: 'a' }, { guest: 'b' }, { guest: 'c' }]);
  // One that comes late is not the one that counts.
  opened[1]?.on.onData();
  expect(places()).toHaveLength(3);
  opened[2]?.on.onData();
  expect(places()).toEqual([{ guest: 'c' }]);
  seat.leave();
  expect(places()).toEqual([]);
});

test('a place that is refused is left, and asked for again later; not once the window went on or closed', () => {
  const { seat, opened, places } = seats();
  seat.move({ guest: 'a' });
  opened[0]?.on.onData();
  seat.move({ guest: 'b' });
  opened[1]?.on.onError();
  expect(opened[0]?.isOpen).toBe(false);
  vi.advanceTimersByTime(5000);
  expect(opened).toHaveLength(3);
  expect(opened[2]?.where).toEqual({ guest: 'b' });
  opened[2]?.on.onComplete();
  seat.move({ guest: 'c' });
  vi.advanceTimersByTime(60_000);
  expect(opened).toHaveLength(4);
  opened[3]?.on.onError();
  seat.leave();
  vi.advanceTimersByTime(60_000);
  expect(opened).toHaveLength(4);
  expect(places()).not.toContain({ guest: 'c' });
});
