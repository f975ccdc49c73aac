import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileName, RING_BYTES } from '../../native/protocol/wire.ts';
import { readEntries } from './entries.ts';
import { forgetFile } from './forget-file.ts';
import type { TerminalConnection } from './port.ts';
import { exitIn } from './run-folder.ts';

/** In the guest's own folder: a line of JSON, then the last bytes that its console printed. */
const NAME = 'console';

interface Kept {
  start: number;
  exit: { status: number | null; signal: string | null };
}

/**
 * Keep the end of the console of a guest that has ended, before its run folder goes. One whose supervisor was
 * killed leaves none. Never throws: what was printed is not worth a failed stop.
 */
export async function keepConsole(runDir: string, guestDir: string, id: string): Promise<void> {
  try {
    const entries = await readEntries(join(runDir, FileName.exit));
    const end = Number(entries?.get('console_end'));
    const exit = entries && exitIn(entries, id);
    // One that printed nothing is kept too: who attaches learns how it ended.
    if (!(end >= 0) || !exit) return;
    const ring = end > 0 ? await readFile(join(runDir, FileName.ring)) : Buffer.alloc(0);
    const start = Math.max(0, end - RING_BYTES);
    const cut = end % RING_BYTES;
    const bytes =
      start === 0 ? ring.subarray(0, end) : Buffer.concat([ring.subarray(cut), ring.subarray(0, cut)]);
    const head: Kept = { start, exit: { status: exit.status, signal: exit.signal } };
    const path = join(guestDir, NAME);
    await writeFile(`${path}.new`, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes]), {
      mode: 0o600,
    });
    await rename(`${path}.new`, path);
  } catch {
    // Its folder may be gone with it.
  }
}

/** Forget what an earlier run printed. */
export async function dropConsole(guestDir: string): Promise<void> {
  await forgetFile(join(guestDir, NAME));
}

/** What the console of a guest that has ended printed last, and how it ended; null when nothing was kept. */
export async function openEndedConsole(
  guestDir: string,
  from: number | 'tail',
): Promise<TerminalConnection | null> {
  const file = await readFile(join(guestDir, NAME)).catch(() => null);
  if (!file) return null;
  const line = file.indexOf(0x0a);
  const { start, exit }: Kept = JSON.parse(file.toString('utf8', 0, line));
  const bytes = file.subarray(line + 1);
  const end = start + bytes.length;
  const first = from === 'tail' ? end : Math.min(end, Math.max(start, from));
  const nothing = () => undefined;
  let told: (exit: Kept['exit']) => void = nothing;
  let output: (offset: number, part: Uint8Array) => void = nothing;
  // In a turn of its own, when whoever asked listens.
  setImmediate(() => {
    if (first < end) output(first, Uint8Array.from(bytes.subarray(first - start)));
    told(exit);
  });
  return {
    state: { start, end, columns: 80, rows: 24 },
    onOutput: (listener) => {
      output = listener;
    },
    onExit: (listener) => {
      told = listener;
    },
    onLost: nothing,
    write: () => true,
    onDrain: nothing,
    resize: nothing,
    acknowledge: nothing,
    hangUp: nothing,
    close: nothing,
    [Symbol.asyncDispose]: async () => undefined,
  };
}
