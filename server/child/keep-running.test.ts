import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../log.ts';
import { type KeepRunningOptions, type KeptProcess, keepRunning } from './keep-running.ts';
import { startTimeOf } from './process-identity.ts';

let folder: string;
const kept: KeptProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-child-'));
});
afterEach(async () => {
  await Promise.all(kept.splice(0).map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function keep(script: string, more: Partial<KeepRunningOptions> = {}): KeptProcess {
  const one = keepRunning({
    name: 'thing',
    command: ['/bin/sh', '-c', script],
    env: { PATH: '/usr/bin:/bin' },
    recordPath: join(folder, 'thing.json'),
    logPath: join(folder, 'thing.log'),
    stopTimeoutMs: 300,
    readyTimeoutMs: 2000,
    log: createLog(() => undefined),
    ...more,
  });
  kept.push(one);
  return one;
}

const FOREVER = 'exec sleep 1000';

test('runs until it is stopped', async () => {
  const one = keep(FOREVER);
  await one.start();
  const pid = one.pid() ?? 0;
  expect(startTimeOf(pid)).not.toBeNull();
  await one.stop();
  expect(startTimeOf(pid)).toBeNull();
  expect(one.pid()).toBeNull();
  expect(existsSync(join(folder, 'thing.json'))).toBe(false);
});

test('is started again when it falls', async () => {
  const one = keep(FOREVER);
  await one.start();
  const first = one.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(one.pid()).not.toBeNull(), { timeout: 3000 });
  await vi.waitFor(() => expect([null, first]).not.toContain(one.pid()), { timeout: 3000 });
});

test('one that does not heed the stop signal is killed', async () => {
  const one = keep(`trap '' TERM; touch ${folder}/deaf; while :; do sleep 0.05; done`, {
    isReady: async () => existsSync(join(folder, 'deaf')),
  });
  await one.start();
  const pid = one.pid() ?? 0;
  await one.stop();
  expect(startTimeOf(pid)).toBeNull();
});

test('what does not start is told with its own words', async () => {
  const one = keep('echo the port is taken >&2; exit 3', { isReady: async () => false });
  await expect(one.start()).rejects.toThrow('thing does not start; it said: the port is taken');
});

test('the next server adopts it, and starts it again when it falls', async () => {
  const one = keep(FOREVER);
  await one.start();
  one.release();
  const next = keep(FOREVER);
  await next.start();
  const pid = next.pid() ?? 0;
  expect(pid).toBe(one.pid());
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect([null, pid]).not.toContain(next.pid()), { timeout: 3000 });
});

test('with other arguments it is started anew', async () => {
  const one = keep(FOREVER);
  await one.start();
  one.release();
  const before = one.pid() ?? 0;
  const next = keep('exec sleep 2000');
  await next.start();
  expect(next.pid()).not.toBe(before);
  expect(startTimeOf(before)).toBeNull();
});

test('a stranger with a remembered pid is neither adopted nor signalled', async () => {
  const stranger = spawn('sleep', ['1000'], { stdio: 'ignore' });
  try {
    const one = keep(FOREVER);
    await one.start();
    const recorded = JSON.parse(readFileSync(join(folder, 'thing.json'), 'utf8'));
    await one.stop();
    // One tick before the stranger began: as if the pid had been used again.
    const startTime = String(Number(startTimeOf(stranger.pid ?? 0)) - 1);
    writeFileSync(join(folder, 'thing.json'), JSON.stringify({ ...recorded, pid: stranger.pid, startTime }));
    const next = keep(FOREVER);
    await next.start();
    expect(next.pid()).not.toBe(stranger.pid);
    await next.stop();
    expect(startTimeOf(stranger.pid ?? 0)).not.toBeNull();
  } finally {
    stranger.kill('SIGKILL');
  }
});
