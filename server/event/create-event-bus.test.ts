import { expect, test } from 'vitest';
import { createEventBus } from './create-event-bus.ts';
import type { BerthEvent } from './schema.ts';

const removed = (id: string): BerthEvent => ({ type: 'guest.removed', id, name: id });

function bus() {
  const faults: unknown[] = [];
  return { ...createEventBus((error) => faults.push(error)), faults };
}

async function take(events: AsyncIterable<BerthEvent>, count: number): Promise<BerthEvent[]> {
  const taken: BerthEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

test('a stream has every event from the moment that it was asked for', async () => {
  const { publish, stream } = bus();
  publish(removed('before'));
  const events = stream(new AbortController().signal);
  publish(removed('a'));
  publish(removed('b'));
  const later = take(events, 3);
  await Promise.resolve();
  publish(removed('c'));
  expect(await later).toEqual(['a', 'b', 'c'].map(removed));
});

test('a stream ends with its signal, also while it waits', async () => {
  const { stream } = bus();
  const leaving = new AbortController();
  const all = take(stream(leaving.signal), 1);
  leaving.abort();
  expect(await all).toEqual([]);
  expect(await take(stream(leaving.signal), 1)).toEqual([]);
});

test('who is too far behind is cut off, others are not', async () => {
  const { publish, stream } = bus();
  const never = new AbortController().signal;
  const slow = stream(never);
  for (let count = 0; count <= 10_000; count++) publish(removed('x'));
  await expect(take(slow, 1)).rejects.toMatchObject({ code: 'unavailable' });
  const prompt = stream(never);
  publish(removed('y'));
  expect(await take(prompt, 1)).toEqual([removed('y')]);
});

test('a listener that throws keeps none from hearing', () => {
  const { publish, on, faults } = bus();
  const heard: BerthEvent[] = [];
  on(() => {
    throw new Error('deaf');
  });
  const off = on((event) => heard.push(event));
  publish(removed('a'));
  off();
  publish(removed('b'));
  expect(heard).toEqual([removed('a')]);
  expect(faults).toHaveLength(2);
});
