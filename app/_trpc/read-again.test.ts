import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { readAgain, readOnceMore } from './read-again.ts';

/** A query on show whose answers come when they are let. */
function shown(client: QueryClient, name: string) {
  const answers: ((value: string) => void)[] = [];
  const queryFn = vi.fn(() => new Promise<string>((resolve) => answers.push(resolve)));
  const observer = new QueryObserver(client, { queryKey: [name], queryFn, staleTime: Infinity });
  const off = observer.subscribe(() => undefined);
  return {
    queryFn,
    off,
    answer: (value: string) => answers.shift()?.(value),
    data: () => client.getQueryData([name]),
  };
}

test('as a page begins, what is under way is shown as it comes, and read once more', async () => {
  const client = new QueryClient();
  const [slow, known] = [shown(client, 'slow'), shown(client, 'known')];
  known.answer('before');
  await vi.waitFor(() => expect(known.data()).toBe('before'));
  const done = readOnceMore(client);
  await vi.waitFor(() => expect(known.queryFn).toHaveBeenCalledTimes(2));
  expect(slow.queryFn).toHaveBeenCalledTimes(1);
  slow.answer('first');
  await vi.waitFor(() => expect(slow.data()).toBe('first'));
  await vi.waitFor(() => expect(slow.queryFn).toHaveBeenCalledTimes(2));
  slow.answer('second');
  known.answer('after');
  await done;
  expect([slow.data(), known.data()]).toEqual(['second', 'after']);
  slow.off();
  known.off();
});

test('after a loss an answer from before it does not count', async () => {
  const client = new QueryClient();
  const slow = shown(client, 'slow');
  const done = readAgain(client);
  await vi.waitFor(() => expect(slow.queryFn).toHaveBeenCalledTimes(2));
  slow.answer('from before');
  slow.answer('from after');
  await done;
  expect(slow.data()).toBe('from after');
  slow.off();
});
