import type { GuestProcess } from '../../../server/guest/effects-schema.ts';
import type { Sort } from '../../_ui/index.ts';

const VALUE: Readonly<Record<string, (process: GuestProcess) => number | string>> = {
  pid: (process) => process.guestPid ?? process.pid,
  hostPid: (process) => process.pid,
  user: (process) => process.user,
  state: (process) => process.state,
  threads: (process) => process.threads,
  cpu: (process) => process.cpu ?? -1,
  memory: (process) => process.memory,
  started: (process) => process.startedAt,
  command: (process) => process.command,
};

/** Processes in the order of a column; equal ones by pid, so that rows do not dance. Pure. */
export function sortProcesses(
  processes: readonly GuestProcess[],
  { column, descending }: Sort,
): GuestProcess[] {
  const value = VALUE[column] ?? ((process: GuestProcess) => process.pid);
  const sign = descending ? -1 : 1;
  return processes.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    const order = typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y) : Number(x) - Number(y);
    return order === 0 ? a.pid - b.pid : order * sign;
  });
}

/** Those in whose command, user or pid every word occurs. Pure. */
export function filterProcesses(processes: readonly GuestProcess[], text: string): GuestProcess[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return processes.filter((process) => {
    const haystack =
      `${process.command} ${process.user} ${process.pid} ${process.guestPid ?? ''}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}
