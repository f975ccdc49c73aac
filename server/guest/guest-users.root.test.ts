import { type ChildProcess, spawn } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGuestUsers } from './guest-users.ts';

const RACE_CHECK = resolve(import.meta.dirname, '../../native/build/Release/race-check');
const ROUNDS = 10_000;
const AT_ONCE = 20;
const CONTROL_ROUNDS = 2_000_000;
const OURS = 'user:x:1000:1000::/:/bin/sh\n';
const STRANGERS = 'stranger:x:1000:1000::/:/bin/sh\n';

let folder: string;
let upper: string;
let racer: ChildProcess | null = null;

beforeEach(() => {
  folder = mkdtempSync('/tmp/berth-users-');
  upper = join(folder, 'upper');
  for (const path of ['upper/etc', 'outside', 'image']) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(upper, 'etc/passwd'), OURS);
  writeFileSync(join(folder, 'outside/passwd'), STRANGERS);
});
afterEach(() => {
  racer?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const look = () => readGuestUsers({ guestDir: folder, imageRoot: join(folder, 'image') });

// The list of processes names users by the passwd of a guest that runs and may exchange what is on the way.
test.each([
  ['the folder', 'etc', () => join(folder, 'outside')],
  ['the file', 'etc/passwd', () => join(folder, 'outside/passwd')],
])(
  '%s exchanged for a link that leads out: nobody of outside in 10,000 rounds',
  async (_what, path, target) => {
    const [one, other] = [join(upper, path), join(upper, 'link')];
    symlinkSync(target(), other);
    racer = spawn(RACE_CHECK, ['swap', one, other]);
    const seen = new Map<string, number>();
    // Longer while one side has run alone.
    for (let round = 0; round < ROUNDS || seen.size < 2; round += AT_ONCE) {
      for (const users of await Promise.all(Array.from({ length: AT_ONCE }, look))) {
        const who = users.get(1000) ?? 'nobody';
        seen.set(who, (seen.get(who) ?? 0) + 1);
      }
    }
    expect([...seen.keys()].sort()).toEqual(['nobody', 'user']);

    // The control: a look and then the path.
    let escaped = false;
    for (let round = 0; round < CONTROL_ROUNDS && !escaped; round++) {
      try {
        if (!lstatSync(one).isSymbolicLink())
          escaped = readFileSync(join(upper, 'etc/passwd'), 'utf8') === STRANGERS;
      } catch {
        // just exchanged
      }
      if (round % 1000 === 0) await setImmediate();
    }
    expect(escaped).toBe(true);
  },
);

test('a folder that is moved away while it is read is still the one that was opened', async () => {
  const read = look();
  renameSync(join(upper, 'etc'), join(folder, 'moved'));
  expect([undefined, 'user']).toContain((await read).get(1000));
});
