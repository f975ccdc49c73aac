import type { ExitRecord } from '../runtime/port.ts';
import { bytes } from './limits.ts';
import type { GuestRecord } from './record.ts';

export interface ExitVerdict {
  state: 'stopped' | 'failed';
  problem: string | null;
  /** Its init asked for a reboot. */
  reboot: boolean;
}

/**
 * What the end of a guest that nobody asked for means. reboot(2) of a pid namespace ends init by SIGHUP for a restart
 * and by SIGINT for power off or halt. Pure.
 */
export function judgeExit(
  { kind, limits }: Pick<GuestRecord, 'kind' | 'limits'>,
  { status, signal, outOfMemory, why }: Pick<ExitRecord, 'status' | 'signal' | 'outOfMemory' | 'why'>,
): ExitVerdict {
  const what = kind === 'system' ? 'its init' : 'its command';
  if (why !== undefined) return failed(why);
  if (outOfMemory) return failed(`it ran out of memory: its limit is ${bytes(limits.memory)}`);
  if (kind === 'system' && signal === 'SIGHUP') return { state: 'stopped', problem: null, reboot: true };
  if (status === 0 || (kind === 'system' && signal === 'SIGINT')) {
    return { state: 'stopped', problem: null, reboot: false };
  }
  return failed(signal === null ? `${what} ended with status ${status}` : `${what} was killed by ${signal}`);
}

function failed(problem: string): ExitVerdict {
  return { state: 'failed', problem, reboot: false };
}
