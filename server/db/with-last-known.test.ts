import { expect, test, vi } from 'vitest';
import type { DatabaseState } from './database-state.ts';
import { withLastKnown } from './with-last-known.ts';

/** A database that answers until `goAway`. */
function stateOf() {
  let since: string | null = null;
  const asking = new Set<() => void>();
  const state: DatabaseState = {
    awaySince: () => since,
    look: async () => since === null,
    back: async () => undefined,
    onAway: (tell) => {
      asking.add(tell);
      return () => asking.delete(tell);
    },
  };
  const goAway = () => {
    since = '2026-11-29T12:03:00.000Z';
    for (const tell of asking) tell();
  };
  return { state, goAway, asking };
}

test('who asks a database that hangs has what it said last as soon as it is found to be away', async () => {
  const { state, goAway } = stateOf();
  const asked = withLastKnown(state, { ask: () => new Promise<string>(() => undefined), last: () => 'last' });
  const unknown = withLastKnown(state, { ask: () => new Promise<string>(() => undefined), last: () => null });
  setImmediate(goAway);
  await expect(asked).resolves.toBe('last');
  await expect(unknown).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('12:03 UTC'),
  });
});

test('what it answers and what it refuses is passed on, and nobody waits for its end any more', async () => {
  const { state, asking } = stateOf();
  const last = vi.fn(() => 'last');
  await expect(withLastKnown(state, { ask: async () => 'now', last })).resolves.toBe('now');
  const refused = new Error('no');
  await expect(withLastKnown(state, { ask: () => Promise.reject(refused), last })).rejects.toBe(refused);
  expect(last).not.toHaveBeenCalled();
  expect(asking.size).toBe(0);
});
