import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEntries } from './entries.ts';
import type { ExitRecord, TerminalConnection } from './port.ts';
import { exitIn } from './run-folder.ts';

/** In the guest's own folder: its exit file, a newline, then the last bytes that its console printed. */
const NAME = 'console';

/** Where the end of the console of a guest's last run is kept. */
export function keptConsolePath(guestDir: string): string {
  return join(guestDir, NAME);
}

/** What the console of a guest that has ended printed last, and how it ended; null when nothing was kept. */
export async function openEndedConsole(
  guestDir: string,
  from: number | 'tail',
): Promise<TerminalConnection | null> {
  const file = await readFile(keptConsolePath(guestDir)).catch(() => null);
  if (!file) return null;
  const line = file.indexOf(0x0a);
  const entries = parseEntries(file.toString('utf8', 0, line));
  const exit = exitIn(entries, '');
  if (!exit) return null;
  const bytes = file.subarray(line + 1);
  const end = Number(entries.get('console_end'));
  const start = end - bytes.length;
  const first = from === 'tail' ? end : Math.min(end, Math.max(start, from));
  const nothing = () => undefined;
  let told: (exit: Pick<ExitRecord, 'status' | 'signal'>) => void = nothing;
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
