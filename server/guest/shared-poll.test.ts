import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SharedPoll } from './shared-poll.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** One who looks, with what was shown so far. */
function look<Value>(poll: SharedPoll<Value>, key: string) {
  const leave = new AbortController();
  const shown: Value[] = [];
  const end = (async () => {
    for await (const value of poll.watch(key, leave.signal)) shown.push(value);
  })();
  return { shown, end, leave: () => leave.abort() };
}

const turn = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('one read a turn serves all who look; nobody looks, nothing is read', async () => {
  let count = 0;
  const forget = vi.fn();
  const read = vi.fn(async () => ++count);
  const poll = new SharedPoll({ intervalMs: 1000, read, forget });
  const first = look(poll, 'a');
  await turn(0);
  expect(first.shown).toEqual([1]);
  const second = look(poll, 'a');
  await turn(1000);
  // Who comes later is shown at once what is known.
  expect([first.shown, second.shown]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(read).toHaveBeenCalledTimes(2);
  first.leave();
  await turn(1000);
  expect(second.shown).toEqual([1, 2, 3]);
  expect(forget).not.toHaveBeenCalled();
  second.leave();
  await Promise.all([first.end, second.end]);
  expect(forget).toHaveBeenCalledExactlyOnceWith('a');
  expect(poll.size).toBe(0);
  await turn(10_000);
  expect(read).toHaveBeenCalledTimes(3);
});

test('a slow read is waited for, not queued', async () => {
  let finish: (value: string) => void = () => undefined;
  const read = vi.fn(
    () =>
      new Promise<string>((resolve) => {
        finish = resolve;
      }),
  );
  const poll = new SharedPoll({ intervalMs: 1000, read });
  const one = look(poll, 'a');
  await turn(5000);
  expect(read).toHaveBeenCalledTimes(1);
  finish('late');
  await turn(1000);
  expect(one.shown).toEqual(['late']);
  expect(read).toHaveBeenCalledTimes(2);
  one.leave();
  finish('after');
  await one.end;
});

test('nothing to show is not shown, and a failure ends all looking', async () => {
  const answers = [null, 'there', new Error('it is gone')];
  const poll = new SharedPoll<string>({
    intervalMs: 1000,
    read: async () => {
      const answer = answers.shift() ?? null;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const [one, two] = [look(poll, 'a'), look(poll, 'a')];
  const ends = Promise.allSettled([one.end, two.end]);
  await turn(1000);
  expect([one.shown, two.shown]).toEqual([['there'], ['there']]);
  await turn(1000);
  expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(one.end).rejects.toThrow('it is gone');
  expect(poll.size).toBe(0);
});
