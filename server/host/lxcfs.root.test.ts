import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instanceOf } from '../instance/instance.ts';
import { createLog } from '../log.ts';
import { FakeRuntime } from '../runtime/fake.ts';
import { createLxcfs, type LxcfsService } from './lxcfs.ts';

let dir: string;
let runtime: FakeRuntime;
const made: LxcfsService[] = [];
beforeEach(() => {
  dir = mkdtempSync('/tmp/berth-lxcfs-');
  runtime = new FakeRuntime();
});
afterEach(async () => {
  for (const one of made.splice(0)) {
    one.release();
    await one.drop();
  }
  rmSync(dir, { recursive: true, force: true });
});

function service(): LxcfsService {
  const instance = { ...instanceOf({ slot: 10, id: '0'.repeat(32), dataDir: dir }), runDir: dir };
  const one = createLxcfs({ instance, runtime, log: createLog(() => undefined) });
  made.push(one);
  return one;
}

const pid = () => Number(JSON.parse(readFileSync(join(dir, 'lxcfs/record.json'), 'utf8')).pid);
const renewals = () => runtime.calls.filter((call) => call.startsWith('renewLxcfs')).length;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('lxcfs starts with the first who asks, is taken back by the next server, and leaves nothing', async () => {
  const first = service();
  await first.adopt();
  expect(existsSync(join(dir, 'lxcfs'))).toBe(false);
  const [root, same] = await Promise.all([first.root(), first.root()]);
  expect(root).toBe(join(dir, 'lxcfs/mount'));
  expect(same).toBe(root);
  expect(readFileSync(join(root ?? '', 'proc/meminfo'), 'utf8')).toContain('MemTotal');
  const before = pid();
  first.release();

  const second = service();
  await second.adopt();
  expect(await second.root()).toBe(root);
  expect(pid()).toBe(before);
  await second.drop();
  expect(existsSync(join(dir, 'lxcfs'))).toBe(false);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(dir);
  expect(existsSync(`/proc/${before}`)).toBe(false);
});

test('lxcfs that is killed is there again, and guests are told each time', async () => {
  const one = service();
  const root = (await one.root()) ?? '';
  await until('the start is told', () => renewals() === 1);
  const before = pid();
  process.kill(before, 'SIGKILL');
  await until('the fall and the start are told', () => renewals() === 3);
  expect(pid()).not.toBe(before);
  expect(readFileSync(join(root, 'proc/meminfo'), 'utf8')).toContain('MemTotal');
});

test('lxcfs that fell while no server was there is started again', async () => {
  const first = service();
  const root = (await first.root()) ?? '';
  const before = pid();
  first.release();
  process.kill(before, 'SIGKILL');
  await until('its mount is dead', () => {
    try {
      readFileSync(join(root, 'proc/meminfo'));
      return false;
    } catch {
      return true;
    }
  });
  const second = service();
  await second.adopt();
  expect(readFileSync(join(root, 'proc/meminfo'), 'utf8')).toContain('MemTotal');
});
