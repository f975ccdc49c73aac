import { native } from './addon.ts';
import { NativeError } from './native-error.ts';

export interface Started {
  /** Of init or of the shell, on the host. */
  pid: number;
  /** Field 22 of /proc/PID/stat. */
  startTime: string;
  /** Of the process that holds it. */
  holderPid: number;
  steps: { name: string; micros: number }[];
  /** What failed without ending the start. */
  warnings: NativeError[];
}

/**
 * Start a supervisor or `enter session` and hear its report (native/protocol/README.md), off the event loop. `spec`
 * goes to its descriptor 3 in a sealed memfd. Throws NativeError with what it could not do; it has cleaned up then.
 */
export async function spawnReporting(command: readonly string[], spec: Uint8Array): Promise<Started> {
  const bytes = Buffer.from(spec.buffer, spec.byteOffset, spec.byteLength);
  const report = await native((addon) => addon.spawnReporting(command, bytes));
  return readReport(report, command[0] ?? '');
}

/** The text of a whole report. Throws NativeError for its `error` line, EIO where it ends early. */
export function readReport(report: string, program: string): Started {
  const steps: Started['steps'] = [];
  const warnings: NativeError[] = [];
  for (const line of report.split('\n')) {
    const [word, first = '', second = '', third = ''] = line.split(' ');
    if (word === 'step') steps.push({ name: first, micros: Number(second) });
    if (word === 'ready')
      return { pid: Number(first), startTime: second, holderPid: Number(third), steps, warnings };
    if (word === 'warning') warnings.push(failureOf(first, second, third));
    if (word === 'error') throw failureOf(first, second, third);
  }
  throw new NativeError({ code: 'EIO', action: 'hear from', path: program });
}

function failureOf(code: string, action: string, path: string): NativeError {
  return new NativeError({ code, action: unescapeWord(action), path: unescapeWord(path) });
}

function unescapeWord(word: string): string {
  if (word === '-') return '';
  return word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
