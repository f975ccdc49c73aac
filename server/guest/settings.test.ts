import { expect, test } from 'vitest';
import { DEFAULT_INIT } from './init-schema.ts';
import { DEFAULT_ISOLATION } from './isolation-schema.ts';
import { pendingRestart } from './pending-restart.ts';
import { revertOf } from './revert-of.ts';
import { MORE_LIMITS } from './schema.ts';
import { namesIn, patched, patchTo, type Settings, type SettingsPatch, without } from './settings.ts';

const before: Settings = {
  limits: { ...MORE_LIMITS, cpu: 1, memory: 100, swap: 0, pids: 10 },
  isolation: DEFAULT_ISOLATION,
  init: DEFAULT_INIT,
  command: ['/sbin/init'],
  stopTimeoutMs: 1000,
};
const patch: SettingsPatch = {
  limits: { memory: 5e6, cpuset: '0' },
  isolation: { nesting: true },
  init: { user: 'www-data' },
  command: ['/bin/sh'],
  stopTimeoutMs: 5,
};
const NAMES = [
  'limits.memory',
  'limits.cpuset',
  'isolation.nesting',
  'init.user',
  'command',
  'stopTimeoutMs',
];

test('a patch changes what it names, and the way back is found', () => {
  const wide = { ...before, limits: { ...before.limits, memory: 6e6 } };
  const after = patched(wide, patch);
  expect(after.limits).toEqual({ ...wide.limits, memory: 5e6, cpuset: '0' });
  expect(namesIn(patch).sort()).toEqual([...NAMES].sort());
  expect(patchTo(wide, after)).toEqual(patch);
  expect(patched(after, patchTo(after, wide))).toEqual(wide);
  expect(patchTo(wide, wide)).toEqual({});
});

test('what is left out stays, what is null is set', () => {
  expect(patched(before, { limits: { memory: undefined, cpuset: null }, command: undefined })).toEqual(
    before,
  );
  expect(namesIn({ limits: { memory: undefined }, isolation: {} })).toEqual([]);
});

test('settings are taken out of a patch by their names', () => {
  expect(without(patch, new Set(NAMES))).toEqual({});
  expect(without(patch, new Set(['limits.memory', 'command']))).toEqual({
    limits: { cpuset: '0' },
    isolation: { nesting: true },
    init: { user: 'www-data' },
    stopTimeoutMs: 5,
  });
});

/** A change of settings that are `wide` enough for the schema. */
function change(from: Settings, given: SettingsPatch, seconds?: number) {
  return { before: from, after: patched(from, given), patch: given, seconds };
}

test('a change on trial goes back to what was kept last, however many come together', () => {
  const start = patched(before, { limits: { memory: 8e6 } });
  const first = revertOf(null, change(start, { limits: { memory: 5e6 } }, 10));
  expect(first?.back).toEqual({ limits: { memory: 8e6 } });
  expect(Math.abs(Date.parse(first?.at ?? '') - Date.now() - 10_000)).toBeLessThan(5000);
  const middle = patched(start, { limits: { memory: 5e6 } });
  const pending = { at: first?.at ?? '', operation: 'op', back: first?.back ?? {} };
  const second = revertOf(pending, change(middle, { limits: { memory: 6e6, pids: 3 } }, 20));
  expect(second?.back).toEqual({ limits: { memory: 8e6, pids: 10 } });
  expect(Date.parse(second?.at ?? '')).toBeGreaterThan(Date.parse(pending.at));
  // Back where it was by hand: nothing is left to go back.
  expect(revertOf(pending, change(middle, { limits: { memory: 8e6 } }, 20))).toBe(null);
});

test('a change that is kept takes what it sets out of the trial, and nothing else', () => {
  const back = { limits: { memory: 8e6, pids: 10 }, isolation: { nesting: false } };
  const pending = { at: '2026-01-01T00:00:00.000Z', operation: 'op', back };
  const now = patched(before, { limits: { memory: 5e6, pids: 3 } });
  expect(revertOf(pending, change(now, { limits: { pids: 4 } }))).toEqual({
    at: pending.at,
    back: { limits: { memory: 8e6 }, isolation: { nesting: false } },
  });
  expect(revertOf(pending, change(now, back))).toBe(null);
  expect(revertOf(null, change(now, { limits: { pids: 4 } }))).toBe(null);
});

test('what waits for the next start is named, what is live is not', () => {
  const started = { name: 'a', command: ['/sbin/init'], isolation: DEFAULT_ISOLATION, init: DEFAULT_INIT };
  const record = { ...before, ...started, started };
  expect(pendingRestart(record)).toEqual([]);
  expect(pendingRestart({ ...record, started: null, command: ['/x'] })).toEqual([]);
  const device = { source: '/dev/fuse', target: null, access: 'rw', mode: 0o666, uid: 0, gid: 0 };
  const changed = {
    ...record,
    name: 'b',
    command: ['/bin/sh'],
    isolation: { ...DEFAULT_ISOLATION, nesting: true, devices: [device] },
    init: {
      ...DEFAULT_INIT,
      user: 'www-data',
      restart: { policy: 'always', delayMs: 1, maxDelayMs: 1, attempts: null } as const,
    },
  };
  expect(pendingRestart(changed)).toEqual(['name', 'command', 'isolation.nesting', 'init.user']);
});
