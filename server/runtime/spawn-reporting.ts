import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { NativeError } from '../../native/lib/native-error.ts';
import { childEnv } from '../child/child-env.ts';
import type { StartStep } from './port.ts';

/** More than the words of any report (native/protocol/README.md, start report). */
const MAX_REPORT_CHARACTERS = 65_536;

export interface ReportedStart {
  /** Of init or of the shell, on the host. */
  pid: number;
  /** Field 22 of /proc/PID/stat. */
  startTime: string;
  /** Of the process that holds it. */
  holderPid: number;
}

/**
 * Start one of our executables that leaves us, and read its report until it is ready. `spec` goes to its descriptor 3.
 * Throws NativeError with what it could not do; it has cleaned up then.
 */
export async function spawnReporting(
  program: string,
  options: { args?: readonly string[]; spec?: string; onStep?: ((step: StartStep) => void) | undefined },
): Promise<ReportedStart> {
  const { args = [], spec, onStep } = options;
  const child = spawn(program, args, {
    env: childEnv({}),
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore', spec === undefined ? 'ignore' : 'pipe', 'pipe'],
  });
  const failed = new Promise<never>((_, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(new NativeError({ code: error.code ?? 'EIO', action: 'run', path: program, cause: error }));
    });
  });
  if (spec !== undefined) {
    const input = child.stdio[3] as Writable;
    // It may end before it has read all: its report says why.
    input.on('error', () => undefined);
    input.end(spec);
  }
  return Promise.race([readReport(child.stdio[4] as Readable, { program, onStep }), failed]);
}

async function readReport(
  report: Readable,
  { program, onStep }: { program: string; onStep: ((step: StartStep) => void) | undefined },
): Promise<ReportedStart> {
  let text = '';
  let start: ReportedStart | null = null;
  report.setEncoding('utf8');
  for await (const chunk of report) {
    text += chunk;
    if (text.length > MAX_REPORT_CHARACTERS) break;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) start = takeLine(line, onStep) ?? start;
    // The process lives on; only its report is over.
    if (start) break;
  }
  report.destroy();
  if (!start) throw new NativeError({ code: 'EIO', action: 'hear from', path: program });
  return start;
}

/** One line of a report. Throws NativeError for an `error` line. */
export function takeLine(line: string, onStep?: (step: StartStep) => void): ReportedStart | null {
  const [word, ...rest] = line.split(' ');
  const [first = '', second = '', third = ''] = rest;
  if (word === 'step') onStep?.({ name: first, micros: Number(second) });
  if (word === 'ready') return { pid: Number(first), startTime: second, holderPid: Number(third) };
  if (word === 'error') {
    throw new NativeError({ code: first, action: unescapeWord(second), path: unescapeWord(third) });
  }
  return null;
}

function unescapeWord(word: string): string {
  if (word === '-') return '';
  return word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
