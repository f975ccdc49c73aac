import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BackgroundPace } from './background-pace.ts';
import { createDeskFixture } from './desk-fixture.ts';

/** One that prints as much as it may: `bytes` at a time, the next when those are let through. */
function flood(pace: BackgroundPace, bytes: number): { taken: number } {
  const one = { taken: 0 };
  const go = () => {
    one.taken += bytes;
    queueMicrotask(() => pace.spend(one, bytes, go));
  };
  pace.spend(one, bytes, go);
  return one;
}

describe('the pace of the background', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('floods share the rate, each as much as the others', async () => {
    const pace = new BackgroundPace({ rate: 1_000_000, burst: 100_000 });
    const all = Array.from({ length: 10 }, () => flood(pace, 50_000));
    await vi.advanceTimersByTimeAsync(10_000);
    const taken = all.map((one) => one.taken);
    const sum = taken.reduce((a, b) => a + b);
    expect(sum).toBeGreaterThan(9_500_000);
    expect(sum).toBeLessThan(10_300_000);
    expect(Math.max(...taken) - Math.min(...taken)).toBeLessThanOrEqual(150_000);
  });

  test('what is little goes through at once, as does what somebody looks at now', async () => {
    const pace = new BackgroundPace({ rate: 1000, burst: 1000 });
    const [first, second, third] = [vi.fn(), vi.fn(), vi.fn()];
    pace.spend(first, 999, first);
    expect(first).toHaveBeenCalledTimes(1);
    pace.spend(second, 100_000, second);
    expect(second).toHaveBeenCalledTimes(1);
    pace.spend(third, 10, third);
    expect(third).not.toHaveBeenCalled();
    pace.hurry(third);
    expect(third).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(third).toHaveBeenCalledTimes(1);
  });

  test('one that is gone is not called, and what it waited for is not counted', async () => {
    const pace = new BackgroundPace({ rate: 1000, burst: 1000 });
    const [first, gone, next] = [vi.fn(), vi.fn(), vi.fn()];
    pace.spend(first, 2000, first);
    pace.spend(gone, 1_000_000, gone);
    pace.spend(next, 10, next);
    pace.forget(gone);
    await vi.advanceTimersByTimeAsync(1500);
    expect(gone).not.toHaveBeenCalled();
    expect(next).toHaveBeenCalledTimes(1);
  });
});

test('a flood that nobody looks at waits for its turn, and does not any more once somebody does', {
  timeout: 60_000,
}, async () => {
  const background = new BackgroundPace({ rate: 64 * 1024, burst: 64 * 1024 });
  await using fixture = await createDeskFixture({ background });
  const holder = fixture.holder('s1');
  await fixture.desk.follow('s1');
  const size = 4 * 1024 * 1024;
  const printed = holder.printPaced(Buffer.alloc(size, 'all the same to somebody who is not there\r\n'));
  const isOver = vi.fn();
  void printed.then(isOver);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(isOver).not.toHaveBeenCalled();
  // its window, the burst and two seconds, with as much again for a machine that is late
  expect(holder.end).toBeLessThan(size / 4);
  const browser = fixture.open('s1');
  await printed;
  await vi.waitFor(() => expect(browser.next).toBe(size), { timeout: 20_000 });
});
