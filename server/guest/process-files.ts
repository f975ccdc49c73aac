import { readFileSync } from 'node:fs';

/** What /proc/PID/stat and status tell of a process, in the kernel's own units. */
export interface ProcessFacts {
  pid: number;
  comm: string;
  state: string;
  parent: number;
  threads: number;
  /** Clock ticks in user and kernel mode. */
  ticks: number;
  /** Clock ticks since boot; with the pid it names the process. */
  startTicks: number;
  /** Pages. */
  residentPages: number;
  /** Effective, on the host. */
  uid: number;
  /** In each pid namespace from the host's inwards. */
  pids: number[];
}

/** States of proc(5) as people call them. */
const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a disk',
  Z: 'zombie',
  T: 'stopped',
  t: 'traced',
  I: 'idle',
  X: 'dead',
};

/** Null when there is no such process (any more). These files never block, whatever the process does. */
export function readProcess(pid: number): ProcessFacts | null {
  try {
    return parseProcess(
      readFileSync(`/proc/${pid}/stat`, 'utf8'),
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    );
  } catch {
    return null;
  }
}

/** Pure. Null when the texts are not what proc(5) describes. */
export function parseProcess(stat: string, status: string): ProcessFacts | null {
  // The name in parentheses may itself contain spaces and parentheses.
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const number = (at: number) => Number(fields[at - 3]);
  const facts = {
    pid: Number(stat.slice(0, open)),
    comm: stat.slice(open + 1, close),
    state: STATES[fields[0] ?? ''] ?? fields[0] ?? '',
    parent: number(4),
    threads: number(20),
    ticks: number(14) + number(15),
    startTicks: number(22),
    residentPages: number(24),
    uid: Number(/^Uid:\t\d+\t(\d+)/m.exec(status)?.[1]),
    pids: (/^NSpid:\t([\d\t]+)$/m.exec(status)?.[1] ?? '').split('\t').filter(Boolean).map(Number),
  };
  return open < 0 || Number.isNaN(facts.pid + facts.uid + facts.startTicks) ? null : facts;
}

/** An id map of /proc/PID/uid_map. Pure. */
export function parseIdMap(text: string): { inside: number; outside: number; count: number }[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([inside, outside, count]) =>
      inside === undefined || outside === undefined || count === undefined
        ? []
        : [{ inside, outside, count }],
    );
}

/** An id of the host as the guest has it; null when it is not in its map. Pure. */
export function idInside(map: ReturnType<typeof parseIdMap>, outside: number): number | null {
  const range = map.find((one) => outside >= one.outside && outside < one.outside + one.count);
  return range ? range.inside + outside - range.outside : null;
}
