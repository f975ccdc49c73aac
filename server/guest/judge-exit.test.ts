import { expect, test } from 'vitest';
import { judgeExit } from './judge-exit.ts';
import { MORE_LIMITS } from './schema.ts';

const limits = { ...MORE_LIMITS, cpu: 1, memory: 64 * 1024 ** 2, swap: 0, pids: 10 };
const end = { status: null, signal: null, outOfMemory: false };

test.each([
  ['system', { status: 0 }, 'stopped', null],
  ['application', { status: 0 }, 'stopped', null],
  ['system', { signal: 'SIGINT' }, 'stopped', null],
  ['application', { signal: 'SIGINT' }, 'failed', 'its command was killed by SIGINT'],
  ['system', { status: 3 }, 'failed', 'its init ended with status 3'],
  ['application', { signal: 'SIGSEGV' }, 'failed', 'its command was killed by SIGSEGV'],
  ['system', { signal: 'SIGKILL', why: 'it was ended for a reason' }, 'failed', 'it was ended for a reason'],
  ['system', { signal: 'SIGKILL', outOfMemory: true }, 'failed', 'it ran out of memory: its limit is 64 MiB'],
] as const)('a %s guest that ends by %o is %s', (kind, how, state, problem) => {
  expect(judgeExit({ kind, limits }, { ...end, ...how })).toEqual({ state, problem, reboot: false });
});

test('only a system guest reboots', () => {
  expect(judgeExit({ kind: 'system', limits }, { ...end, signal: 'SIGHUP' }).reboot).toBe(true);
  expect(judgeExit({ kind: 'application', limits }, { ...end, signal: 'SIGHUP' })).toMatchObject({
    state: 'failed',
    reboot: false,
  });
});
