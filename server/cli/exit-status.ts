import { constants } from 'node:os';
import type { ConsoleExit } from '../console/protocol.ts';

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}

/** A program's end as a shell tells it: its status, or 128 and the signal's number. */
export function exitStatusOf({ status, signal }: ConsoleExit): number {
  if (signal === null) return status ?? 1;
  return 128 + (isSignal(signal) ? constants.signals[signal] : 0);
}
