import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clearRun, keepConsole } from '../../native/lib/ended-run.ts';
import { RING_BYTES } from '../../native/protocol/wire.ts';
import { openEndedConsole } from './ended-console.ts';

/** What a supervisor leaves of a console that printed so much, byte n of it being n mod 251. */
function endedRun(printed: number): { runDir: string; guestDir: string } {
  const folder = mkdtempSync(join(tmpdir(), 'berth-ended-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [runDir, guestDir] = [join(folder, 'run'), join(folder, 'guest')];
  mkdirSync(runDir);
  mkdirSync(guestDir);
  const ring = Buffer.alloc(RING_BYTES);
  for (let at = Math.max(0, printed - RING_BYTES); at < printed; at++) ring[at % RING_BYTES] = at % 251;
  writeFileSync(join(runDir, 'console.ring'), ring);
  const exit = ['version=1', 'kind=signalled', 'status=15', 'out_of_memory=0', 'at_ms=1000'];
  writeFileSync(
    join(runDir, 'exit'),
    [...exit, `console_end=${printed}`].map((line) => `${line}\0`).join(''),
  );
  return { runDir, guestDir };
}

async function shown(guestDir: string, from: number | 'tail') {
  const console = await openEndedConsole(guestDir, from);
  const parts: { offset: number; bytes: Buffer }[] = [];
  console?.onOutput((offset, bytes) => parts.push({ offset, bytes: Buffer.from(bytes) }));
  const exit = await new Promise((resolve) => console?.onExit(resolve));
  return { state: console?.state, parts, exit };
}

test.each([0, 100, RING_BYTES, RING_BYTES + 300])(
  'of a console that printed %i bytes the last ones are kept, and how it ended',
  async (printed) => {
    const { runDir, guestDir } = endedRun(printed);
    await keepConsole(runDir, guestDir);
    const start = Math.max(0, printed - RING_BYTES);
    const { state, parts, exit } = await shown(guestDir, 0);
    expect(state).toMatchObject({ start, end: printed });
    expect(exit).toMatchObject({ status: null, signal: 'SIGTERM' });
    expect(parts).toHaveLength(printed === 0 ? 0 : 1);
    const expected = Buffer.alloc(printed - start);
    for (let at = start; at < printed; at++) expected[at - start] = at % 251;
    expect(parts.every(({ offset, bytes }) => offset === start && bytes.equals(expected))).toBe(true);
    expect((await shown(guestDir, 'tail')).parts).toEqual([]);
  },
);

test('the folder of a run goes once its console is kept, but not while its spec is there', async () => {
  const { runDir, guestDir } = endedRun(5);
  writeFileSync(join(runDir, 'spec'), '');
  expect(await clearRun({ group: null, runDir, guestDir })).toBe(false);
  expect(readdirSync(guestDir)).toEqual([]);
  rmSync(join(runDir, 'spec'));
  expect(await clearRun({ group: null, runDir, guestDir })).toBe(true);
  expect(existsSync(runDir)).toBe(false);
  expect(await clearRun({ group: null, runDir, guestDir })).toBe(true);
  expect((await shown(guestDir, 2)).parts[0]?.bytes).toEqual(Buffer.from([2, 3, 4]));
});

test('nothing is kept of a run that left no exit', async () => {
  const { runDir, guestDir } = endedRun(5);
  rmSync(join(runDir, 'exit'));
  await keepConsole(runDir, guestDir);
  expect(await openEndedConsole(guestDir, 0)).toBeNull();
});
