import type { ExitRecord } from '../runtime/port.ts';
import type { GuestExit } from './schema.ts';

/** How init ended, without whose it was. */
export function exitOf({ status, signal, outOfMemory, at }: ExitRecord): GuestExit {
  return { status, signal, outOfMemory, at };
}
