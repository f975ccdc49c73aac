import type { Log } from '../platform.ts';

/** What a server's connections call themselves, so that each knows which changes are its own. */
export const serverName = (installation: string) => `berth:${installation}`;

/** The channel that the triggers tell changes on (migration shared_database). */
export const CHANNEL = 'berth';

/** What somebody has changed in the database. */
export interface Change {
  /** `guest`, `people`: the arguments of the triggers. */
  noun: string;
  /** Of the row, where the noun has one. */
  key: string | null;
  /** It is this server's own. */
  isOwn: boolean;
}

/** ms after which what could not be read is. */
const AGAIN_MS = 1000;

type Listener = (change: Change | 'everything') => Promise<void>;

/**
 * Changes in a database that several servers share, in order and one at a time; the same one is told once while it waits. After a
 * connection was lost `everything` may have changed.
 */
export class ChangeFeed {
  readonly #own: string;
  readonly #log: Log;
  #listener: Listener | null = null;
  #waiting = new Map<string, Change | 'everything'>();
  #working: Promise<void> | null = null;
  #again: NodeJS.Timeout | null = null;

  constructor(installation: string, log: Log) {
    this.#own = serverName(installation);
    this.#log = log;
  }

  /** Hear of all changes from now on, and of `everything` first. Call the result to hear no more; it waits for what is under way. */
  follow(listener: Listener): () => Promise<void> {
    this.#listener = listener;
    this.gap();
    return async () => {
      this.#listener = null;
      this.#waiting.clear();
      if (this.#again) clearTimeout(this.#again);
      this.#again = null;
      await this.#working;
    };
  }

  /** A word of the database. */
  take(payload: string): void {
    const [by, noun = '', key = null] = payload.split('|');
    const change = { noun, key, isOwn: by === this.#own };
    this.#add(`${change.isOwn} ${noun} ${key}`, change);
  }

  /** Changes may have been missed. */
  gap(): void {
    this.#waiting.clear();
    this.#add('', 'everything');
  }

  #add(name: string, change: Change | 'everything'): void {
    if (this.#listener === null) return;
    this.#waiting.set(name, change);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || this.#listener === null) {
        // In the same turn: what comes from now on begins anew.
        this.#working = null;
        return;
      }
      const [name, change] = next;
      this.#waiting.delete(name);
      await this.#listener(change).catch((error: unknown) => {
        // Whatever else it was: everything is read anew, until that is done.
        this.#log.warn('a change by another server cannot be read', { change, error });
        this.#again ??= setTimeout(() => {
          this.#again = null;
          this.gap();
        }, AGAIN_MS).unref();
      });
    }
  }
}
