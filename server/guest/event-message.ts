import type { ExitRecord, GuestKernelEvent } from '../runtime/port.ts';
import { bytes } from './limits.ts';
import type { GuestRecord } from './record.ts';

/** What the kernel did to a guest, in a sentence's words. Pure. */
export function eventMessage(
  { limits }: Pick<GuestRecord, 'limits'>,
  { kind, count }: Pick<GuestKernelEvent, 'kind' | 'count'>,
): string {
  const memory = bytes(limits.memory);
  switch (kind) {
    case 'oom-kill':
      return `out of memory (limit ${memory}): the kernel killed ${many(count, 'process', 'processes')}`;
    case 'memory-full':
      return memoryFullProblem({ limits });
    case 'memory-high':
      return `slowed down to take memory back: near its limit of ${memory}`;
    case 'throttled':
      return `held back for ${millis(count)} by its limit of ${many(limits.cpu, 'core', 'cores')}`;
    case 'pids-refused':
      return `refused ${many(count, 'fork', 'forks')}: its limit is ${many(limits.pids, 'process', 'processes')}`;
    case 'frozen':
      return 'frozen';
    case 'thawed':
      return 'runs on';
  }
}

/** Why a guest stands still whose memory is full, and what can be done. */
export function memoryFullProblem({ limits }: Pick<GuestRecord, 'limits'>): string {
  return `its memory of ${bytes(limits.memory)} is full, so it stands still: raise the limit, let the kernel kill one process, or stop it`;
}

/** How init ended, in a sentence's words. Pure. */
export function exitMessage({ status, signal, outOfMemory }: Omit<ExitRecord, 'id' | 'at'>): string {
  const how = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
  return outOfMemory ? `${how}: out of memory` : how;
}

function many(count: number | null, one: string, more: string): string {
  return `${count ?? 'some'} ${count === 1 ? one : more}`;
}

function millis(micros: number | null): string {
  if (micros === null) return 'a while';
  return micros < 1000 ? `${micros} µs` : `${Math.round(micros / 1000)} ms`;
}
