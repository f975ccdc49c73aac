import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeFrame } from '../lib/holder-frames.ts';
import { FrameTag } from '../protocol/wire.ts';
import { TestGround, TestGuest, until } from './test-guest.ts';
import { TestHolder } from './test-holder.ts';
import { EMULATED } from './test-machine.ts';

const MOUTHFUL = 2 * 1024 * 1024;
/** ms that so much takes at the least when nobody looks: holder.cc reads 4 KiB in one. */
const UNWATCHED_MS = 450;
/** ms for a busy machine. */
const PATIENCE = 60_000;
/** ms that it takes at the most when somebody looks; an emulated machine reads no faster then. */
const WATCHED_MS = EMULATED ? PATIENCE : UNWATCHED_MS;

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

it(
  'a flood that nobody looks at is read slowly, for its reading is paid by all; who looks at it gets all there is',
  async () => {
    const line = '0123456789'.repeat(8);
    await using guest = await new TestGuest(ground, 'application', [
      '/bin/sh',
      '-c',
      `exec yes ${line}`,
    ]).running();
    const monitor = await TestHolder.connect(guest.runDir, 'monitor');
    const printed = async () => {
      monitor.welcome = null;
      monitor.socket.write(encodeFrame(FrameTag.query, Buffer.alloc(0)));
      const told = (): Buffer | null => monitor.welcome;
      await until('it says how far it is', () => told() !== null, PATIENCE);
      return Number(told()?.readBigUInt64LE(8));
    };
    /** ms for a mouthful. */
    const pace = async () => {
      const [from, began] = [await printed(), performance.now()];
      while ((await printed()) < from + MOUTHFUL) if (performance.now() - began > PATIENCE) break;
      return performance.now() - began;
    };
    const before = await pace();
    expect(before).toBeGreaterThan(UNWATCHED_MS);
    // It goes on all the same: the program is held up, not stopped.
    expect(before).toBeLessThan(PATIENCE);

    const viewer = await TestHolder.connect(guest.runDir, 'terminal', BigInt(await printed()));
    let watched = Number.POSITIVE_INFINITY;
    const deadline = performance.now() + PATIENCE;
    while (watched >= WATCHED_MS && performance.now() < deadline) watched = await pace();
    expect(watched).toBeLessThan(WATCHED_MS);

    viewer.socket.destroy();
    // From the first that counts whole: it may have been at it still.
    await pace();
    expect(await pace()).toBeGreaterThan(UNWATCHED_MS);
  },
  4 * PATIENCE,
);
