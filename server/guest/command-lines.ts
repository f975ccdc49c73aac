import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** Bytes of a command line that are shown. */
const LONGEST = 512;
/** How long one may take to read, ms. */
const PATIENCE_MS = 100;

/**
 * Command lines of processes. The kernel may have to wait for the process when it reads one (proc(5): its memory is locked
 * while it maps a file, which a hostile file system can make last), so one is read at a time and none is waited for long:
 * what is stuck keeps one thread of all that read files, whoever else looks at whichever guest meanwhile.
 */
export class CommandLines {
  static #stuck: Promise<unknown> | null = null;
  readonly #known = new Map<string, string>();
  readonly #readLine: (pid: number) => Promise<string>;

  constructor(readLine: (pid: number) => Promise<string> = readCommandLine) {
    this.#readLine = readLine;
  }

  /** Of a process named by pid and start; null when it cannot be told (a thread of the kernel, gone, stuck). */
  async read(pid: number, startTicks: number): Promise<string | null> {
    const key = `${pid} ${startTicks}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known === '' ? null : known;
    if (CommandLines.#stuck) return null;
    const reading = this.#readLine(pid).catch(() => '');
    const line = await within(reading, PATIENCE_MS);
    if (line === null) {
      CommandLines.#stuck = reading.finally(() => {
        CommandLines.#stuck = null;
      });
      return null;
    }
    this.#known.set(key, line);
    return line === '' ? null : line;
  }

  /** Forget those that are not among these. */
  keep(processes: Iterable<{ pid: number; startTicks: number }>): void {
    const living = new Set([...processes].map(({ pid, startTicks }) => `${pid} ${startTicks}`));
    for (const key of this.#known.keys()) if (!living.has(key)) this.#known.delete(key);
  }
}

async function readCommandLine(pid: number): Promise<string> {
  await using file = await open(`/proc/${pid}/cmdline`);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
  return printable(buffer.toString('utf8', 0, bytesRead).replace(/\0+$/, '').replaceAll('\0', ' '));
}

/**
 * With a mark in place of each character that steers or hides, which a guest may have put there: control characters, directions,
 * zero widths, separators of lines. Pure.
 */
export function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

async function within<Value>(work: Promise<Value>, ms: number): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    await setImmediate();
  }
}
