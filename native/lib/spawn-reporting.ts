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

export interface SupervisorStart {
  program: string;
  /** Of the supervisors, below each hierarchy's mount. */
  group: string;
  spec: Uint8Array;
  /** Of the run folders, made if missing. */
  folder: string;
  /** Files of an earlier run, removed if they are there. */
  forget: readonly string[];
}

/**
 * As `spawnReporting` of a supervisor, from a process that is kept for it: forked, not executed. It is there from the first
 * start on, until `stopForkServer` or the end of this process.
 */
export async function startSupervisor(start: SupervisorStart): Promise<Started> {
  const { program, group, spec, folder, forget } = start;
  const bytes = Buffer.from(spec.buffer, spec.byteOffset, spec.byteLength);
  const report = await native((addon) => addon.startSupervisor(program, group, bytes, { folder, forget }));
  return readReport(report, program);
}

/** End the process that supervisors of this group are forked from; they go on. Idempotent. */
export function stopForkServer(group: string): Promise<void> {
  return native((addon) => addon.stopForkServer(group));
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
