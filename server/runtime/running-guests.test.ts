import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NativeError } from '../../native/lib/native-error.ts';
import { FileName } from '../../native/protocol/wire.ts';
import { bootId, ownIdentity } from '../child/process-identity.ts';
import { RunningGuests } from './running-guests.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-running-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A guest whose init lives, and whose group is read with this outcome. */
function guestsWith(code: string): RunningGuests {
  const { pid, startTime } = ownIdentity();
  mkdirSync(join(folder, 'dying'));
  const state = {
    init_pid: pid,
    init_start_time: startTime,
    supervisor_pid: pid,
    started_at_ms: 1,
    boot_id: bootId(),
  };
  const text = Object.entries(state).map(([key, value]) => `${key}=${value}\0`);
  writeFileSync(join(folder, 'dying', FileName.state), text.join(''));
  return new RunningGuests({
    runDirOf: (id) => join(folder, id),
    isFrozen: () => Promise.reject(new NativeError({ code, action: 'open cgroup' })),
    clean: () => Promise.resolve(),
    onEvent: () => undefined,
    onAdd: () => undefined,
    onRemove: () => undefined,
    onFault: () => undefined,
  });
}

test('an init that is dying and whose group has gone does not keep the others from being listed', async () => {
  const running = guestsWith('ENOENT');
  await running.adoptAll(['dying']);
  expect(running.list()).toEqual([]);
});

test('a group that cannot be read for another reason is told', async () => {
  await expect(guestsWith('EIO').adoptAll(['dying'])).rejects.toMatchObject({ code: 'EIO' });
});
