import { spawn } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeInside } from './write-inside.ts';

const RACE_CHECK = resolve(import.meta.dirname, '../../native/build/Release/race-check');
/** In CI; `berth soak races` makes it 10,000. */
const ROUNDS = Number(process.env.BERTH_RACE_ROUNDS ?? 1000);
const CONTROL_ROUNDS = 1_000_000;
const PATIENCE = Math.max(110_000, ROUNDS * 100);

let ground: string;
let rootfs: string;
let outside: string;
let racer: ReturnType<typeof spawn>;

// Something that a package started goes on exchanging a folder of the image for a link that leads out.
beforeAll(() => {
  ground = mkdtempSync(join(tmpdir(), 'berth-write-inside-'));
  rootfs = join(ground, 'rootfs');
  outside = join(ground, 'outside');
  for (const folder of [rootfs, outside, join(rootfs, 'etc')]) mkdirSync(folder);
  symlinkSync(outside, join(rootfs, 'link'));
  racer = spawn(RACE_CHECK, ['swap', join(rootfs, 'etc'), join(rootfs, 'link')]);
});
afterAll(() => {
  racer?.kill('SIGKILL');
  rmSync(ground, { recursive: true, force: true });
});

const isLink = () => lstatSync(join(rootfs, 'etc')).isSymbolicLink();

test(
  `nothing is written outside in ${ROUNDS} rounds`,
  async () => {
    await vi.waitFor(() => expect(isLink()).toBe(true), { interval: 1, timeout: 20_000 });
    let [written, refused] = [0, 0];
    for (let round = 0; round < ROUNDS || written === 0 || refused === 0; round++) {
      try {
        await writeInside(rootfs, { path: 'etc/file', text: `${round}`, mode: 0o644 });
        written++;
      } catch (error) {
        expect(error).toMatchObject({
          code: 'unavailable',
          message: expect.stringContaining('/etc is a link'),
        });
        refused++;
      }
    }
    expect(readdirSync(outside)).toEqual([]);
  },
  PATIENCE,
);

test(
  'the control: by path it is',
  () => {
    for (let round = 0; round < CONTROL_ROUNDS && readdirSync(outside).length === 0; round++) {
      if (!isLink()) writeFileSync(join(rootfs, 'etc/file'), 'naive');
    }
    expect(readdirSync(outside)).toEqual(['file']);
  },
  PATIENCE,
);
