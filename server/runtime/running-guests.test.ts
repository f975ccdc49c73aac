import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NativeError } from '../../native/lib/native-error.ts';
import { FileName } from '../../native/protocol/wire.ts';
import { bootId, startTimeOf } from '../child/process-identity.ts';
import { RunningGuests } from './running-guests.ts';

let folder: string;
let supervisor: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-running-'));
});
afterEach(() => {
  supervisor.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A guest `one` whose init lives for so many seconds, and whose group is read with this outcome. */
async function guestsWith(code: string, seconds: number): Promise<{ running: RunningGuests; init: number }> {
  supervisor = spawn('/bin/sh', ['-c', `sleep ${seconds} & echo $!; wait`]);
  const [line] = await once(supervisor.stdout ?? supervisor, 'data');
  const init = Number(`${line}`);
  mkdirSync(join(folder, 'one'));
  const state = {
    init_pid: init,
    init_start_time: startTimeOf(init),
    supervisor_pid: supervisor.pid,
    started_at_ms: 1,
    boot_id: bootId(),
  };
  const text = Object.entries(state).map(([key, value]) => `${key}=${value}\0`);
  writeFileSync(join(folder, 'one', FileName.state), text.join(''));
  const running = new RunningGuests({
    runDirOf: (id) => join(folder, id),
    isFrozen: () => Promise.reject(new NativeError({ code, action: 'open cgroup' })),
    clean: () => Promise.resolve(),
    onEvent: () => undefined,
    onAdd: () => undefined,
    onRemove: () => undefined,
    onFault: () => undefined,
  });
  return { running, init };
}

test('an init that is dying and whose group has gone does not keep the others from being listed', async () => {
  const { running } = await guestsWith('ENOENT', 0.3);
  await running.adoptAll(['one']);
  expect(running.list()).toEqual([]);
  expect(running.ungrouped.of('one')).toBeNull();
});

test('an init that lives on without its group is ended, with its supervisor, and that is told until it is written down', async () => {
  const { running, init } = await guestsWith('ENOENT', 600);
  await running.adoptAll(['one']);
  expect(running.list()).toEqual([]);
  expect([startTimeOf(init), startTimeOf(supervisor.pid ?? 0)]).toEqual([null, null]);
  const why = expect.stringContaining('its control groups were removed');
  expect(running.ungrouped.of('one')).toMatchObject({ id: 'one', signal: 'SIGKILL', why });
  running.ungrouped.forget('one');
  expect(running.ungrouped.of('one')).toBeNull();
});

test('a group that cannot be read for another reason is told', async () => {
  const { running, init } = await guestsWith('EIO', 600);
  await expect(running.adoptAll(['one'])).rejects.toMatchObject({ code: 'EIO' });
  expect(startTimeOf(init)).not.toBeNull();
});
