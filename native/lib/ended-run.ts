import { native } from './addon.ts';

/** Where a run has left something. */
export interface EndedRun {
  /** Below each hierarchy's mount; null: the supervisor has said that it is gone. */
  group: string | null;
  runDir: string;
  /** The guest's own, where the end of the console is kept as `console`. */
  guestDir: string;
}

/**
 * Keep the end of the console, then remove the groups and the run folder. False, and nothing is done, where the
 * supervisor was killed: its spec is still there and names more that goes before. Idempotent. Throws NativeError.
 */
export function clearRun({ group, runDir, guestDir }: EndedRun): Promise<boolean> {
  return native((addon) => addon.clearRun(group ?? '', runDir, guestDir, false));
}

/** The same with the guest's own folder and all its files, of one that is deleted. */
export function clearGuest({ group, runDir, guestDir }: EndedRun): Promise<boolean> {
  return native((addon) => addon.clearRun(group ?? '', runDir, guestDir, true));
}

/**
 * Keep the end of the console of a guest that has ended: the exit file, a newline, then the last bytes. One whose
 * supervisor was killed leaves none. Throws NativeError.
 */
export function keepConsole(runDir: string, guestDir: string): Promise<void> {
  return native((addon) => addon.keepConsole(runDir, guestDir));
}
