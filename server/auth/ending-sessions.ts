import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Db } from '../db/client.ts';
import type { DatabaseState } from '../db/database-state.ts';
import { AppError } from '../errors/app-error.ts';
import { replaceDurably } from '../instance/write-durably.ts';
import type { Log } from '../platform.ts';

/** ms between two tries at a database that says it is there. */
const RETRY_MS = 1000;

const stored = z.array(z.string().min(1));
const fileOf = (dataDir: string) => join(dataDir, 'signed-out.json');

/** Ids of sessions that are over and that the database has still. Throws `illegal_state` for a damaged file. */
export function readEnding(dataDir: string): string[] {
  const file = fileOf(dataDir);
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new AppError(
      'illegal_state',
      `${file} is damaged: remove it (who signed out while the database was away may be signed in still)`,
      { cause },
    );
  }
}

/**
 * Sessions whose owner has signed out: the database forgets them at once, or as soon as it is back. Until then they are kept in the data
 * folder, so that a server which is started meanwhile ends them too.
 */
export class EndingSessions {
  readonly #file: string;
  readonly #db: Pick<Db, 'session'>;
  readonly #database: DatabaseState;
  readonly #log: Log;
  readonly #ids: Set<string>;
  #working: Promise<void> | null = null;
  #stopped = false;

  constructor(options: { dataDir: string; db: Pick<Db, 'session'>; database: DatabaseState; log: Log }) {
    this.#file = fileOf(options.dataDir);
    this.#db = options.db;
    this.#database = options.database;
    this.#log = options.log;
    this.#ids = new Set(readEnding(options.dataDir));
    this.#work();
  }

  /** It is over, whatever the database says. */
  has(sessionId: string): boolean {
    return this.#ids.has(sessionId);
  }

  /** Resolves when it is over for good: nothing brings it back, no restart either. */
  async end(sessionId: string): Promise<void> {
    if (this.#database.awaySince() === null) {
      try {
        await this.#db.session.deleteMany({ where: { id: sessionId } });
        return;
      } catch (error) {
        this.#log.warn('a session is ended later', { error });
      }
    }
    this.#ids.add(sessionId);
    this.#write();
    this.#work();
  }

  stop(): void {
    this.#stopped = true;
  }

  #work(): void {
    if (this.#ids.size === 0) return;
    this.#working ??= this.#endAll().finally(() => {
      this.#working = null;
    });
  }

  /** Never rejects. */
  async #endAll(): Promise<void> {
    while (this.#ids.size > 0) {
      await this.#database.back();
      if (this.#stopped) return;
      const ids = [...this.#ids];
      try {
        await this.#db.session.deleteMany({ where: { id: { in: ids } } });
        for (const id of ids) this.#ids.delete(id);
        this.#write();
      } catch (error) {
        this.#log.warn('sessions are ended later', { error });
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  #write(): void {
    if (this.#ids.size === 0) rmSync(this.#file, { force: true });
    else replaceDurably(this.#file, `${JSON.stringify([...this.#ids])}\n`, 0o600);
  }
}
