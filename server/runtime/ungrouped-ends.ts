import { endRun, initEnds, type Run } from './end-run.ts';
import type { ExitRecord } from './port.ts';
import { readExitFile } from './run-folder.ts';

/** ms: an init that is dying has left its group, which may be removed before it is a zombie. */
const DYING_MS = 1000;
const WHY =
  'its control groups were removed while the server was away: nothing limited it any more, so it was ended';

/**
 * Guests whose control groups are gone while their init lives. Without them they have no limits, no rules for devices,
 * and cannot be frozen: they are ended instead of taken back.
 */
export class UngroupedEnds {
  readonly #onFault: (id: string, error: unknown) => void;
  readonly #ends = new Map<string, ExitRecord>();

  constructor(onFault: (id: string, error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** End it, unless its init is dying by itself. What fails is told: others are taken back all the same. */
  async end(runDir: string, run: Run & { id: string }): Promise<void> {
    const { id } = run;
    try {
      if (await initEnds(run, DYING_MS)) return;
      await endRun(runDir, run);
      const at = new Date().toISOString();
      const killed = { id, status: null, signal: 'SIGKILL', outOfMemory: false, at };
      this.#ends.set(id, { ...((await readExitFile(runDir, id)) ?? killed), why: WHY });
    } catch (error) {
      this.#onFault(id, error);
    }
  }

  /** How it ended; null for others. */
  of(id: string): ExitRecord | null {
    return this.#ends.get(id) ?? null;
  }

  /** Its end is written down. */
  forget(id: string): void {
    this.#ends.delete(id);
  }
}
