import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAlive, type ProcessIdentity, startTimeOf } from '../child/process-identity.ts';
import { endRun } from './end-run.ts';

let folder: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-end-run-'));
});
afterEach(() => {
  for (const one of started.splice(0)) one.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const identityOf = (pid: number | undefined): ProcessIdentity => ({
  pid: pid ?? 0,
  startTime: startTimeOf(pid ?? 0) ?? '',
});

/** A shell that is a supervisor, with an init that sleeps; `afterwards` is what it does when that has ended. */
async function start(afterwards: string): Promise<{ init: ProcessIdentity; supervisor: ProcessIdentity }> {
  const shell = spawn('/bin/sh', ['-c', `sleep 600 & echo $!; wait; ${afterwards}`], { cwd: folder });
  started.push(shell);
  const [line] = await once(shell.stdout, 'data');
  return { init: identityOf(Number(`${line}`)), supervisor: identityOf(shell.pid) };
}

function end(init: ProcessIdentity, supervisor: ProcessIdentity): Promise<void> {
  const run = { initPid: init.pid, initStartTime: init.startTime, supervisorPid: supervisor.pid };
  return endRun(folder, run, 500);
}

test('init is killed, and its supervisor ends by itself', async () => {
  const { init, supervisor } = await start('exit');
  await end(init, supervisor);
  expect([isAlive(init), isAlive(supervisor)]).toEqual([false, false]);
});

test('a supervisor that has written down the end is left to what it still does', async () => {
  const { init, supervisor } = await start('echo > exit; sleep 600');
  await end(init, supervisor);
  expect([isAlive(init), isAlive(supervisor)]).toEqual([false, true]);
});

test('a supervisor that does not clean up is killed', async () => {
  const { init, supervisor } = await start('while :; do sleep 0.1; done');
  await end(init, supervisor);
  expect([isAlive(init), isAlive(supervisor)]).toEqual([false, false]);
});

test('a process that has the pid of an init since is left alone, and its parent too', async () => {
  const { init, supervisor } = await start('exit');
  await end({ pid: init.pid, startTime: `${Number(init.startTime) - 1}` }, supervisor);
  expect([isAlive(init), isAlive(supervisor)]).toEqual([true, true]);
});

test('a process that has the pid of a supervisor since, and is not the parent of init, is left alone', async () => {
  const { init, supervisor } = await start('exit');
  const stranger = await start('exit');
  await end(init, stranger.supervisor);
  expect([isAlive(init), isAlive(stranger.supervisor)]).toEqual([false, true]);
  await vi.waitFor(() => expect(isAlive(supervisor)).toBe(false));
});
