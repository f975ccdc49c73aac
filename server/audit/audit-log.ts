import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Db } from '../db/client.ts';
import type { DatabaseState } from '../db/database-state.ts';
import { AppError } from '../errors/app-error.ts';
import { explainDatabase } from '../errors/explain-database.ts';
import { replaceDurably } from '../instance/write-durably.ts';
import type { Log } from '../platform.ts';
import { type AuditRecord, append } from './append.ts';
import type { AuditCall } from './current-call.ts';

/** ms between two looks at the last entry: what is cut off later than that is found. */
const LOOK_EVERY = 2000;
export const BROKEN = 'audit.broken';

/** Prunings that are remembered: only the last one’s entry is there to be followed, and one that did not come to its end. */
const MOST_MARKS = 10;

const markSchema = z.object({ seq: z.number().int(), hash: z.string() });
const headSchema = markSchema.extend({
  /** The last of the entries that were removed by themselves, the newest last. */
  pruned: z.array(markSchema).default([]),
});
export type AuditMark = z.infer<typeof markSchema>;
export type AuditHead = z.infer<typeof headSchema>;

/** Entries that wait for a database that is away; the log has those that are more. */
const MOST_WAITING = 1000;

/** What failed by itself, and was not refused. */
const FAILURES = new Set(['internal', 'kernel', 'unavailable', 'unsupported', 'timeout']);

/** Writes who did what, and remembers outside of the database how far that went. */
export class AuditLog {
  readonly #db: Db;
  readonly #log: Log;
  readonly #path: string;
  readonly #database: DatabaseState;
  #waiting: Omit<AuditRecord, 'atomic'>[] = [];
  #head: AuditHead | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(services: { db: Db; database: DatabaseState; log: Log; dataDir: string }) {
    this.#db = services.db;
    this.#database = services.database;
    this.#log = services.log;
    this.#path = join(services.dataDir, 'audit-head.json');
  }

  /** Compare with what the server before this one knew, write down a difference, and follow from now on. */
  async start(): Promise<void> {
    this.#head = this.readHead();
    await this.#compare();
    await this.follow();
    this.#timer = setInterval(() => void this.follow().catch(() => undefined), LOOK_EVERY).unref();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    for (const record of this.#waiting)
      this.#log.error('what was done could not be written into the audit', { ...record });
    await this.follow().catch(() => undefined);
  }

  /** The last entry that a server has seen, from its file; null: none was. */
  readHead(): AuditHead | null {
    try {
      return headSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return null;
    }
  }

  /** Write down when the last entry that was seen is not there any more, or is another: the head moves on, the difference stays. */
  async #compare(): Promise<void> {
    const known = this.#head;
    if (!known) return;
    const found = await this.#db.auditEntry.findUnique({
      where: { seq: known.seq },
      select: { seq: true, hash: true },
    });
    if (found?.hash === known.hash) return;
    this.#log.error('entries of the audit were changed or cut', { known, found });
    await append(this.#db, {
      ...{ actor: 'policy', actorId: null, via: 'server', address: null, action: BROKEN, subject: null },
      ...{ operation: null, input: JSON.stringify({ known, found }), outcome: 'failed', atomic: false },
      reason: `entry ${known.seq} is ${found ? 'another' : 'missing'}: the database was changed or is an older copy`,
    });
    this.#head = null;
  }

  /** Remember the last entry. */
  async follow(): Promise<void> {
    const last = await this.#db.auditEntry.findFirst({
      orderBy: { seq: 'desc' },
      select: { seq: true, hash: true },
    });
    // Fewer than before: that is for a verdict to tell, not to be forgotten.
    if (!last || (this.#head && last.seq <= this.#head.seq)) return;
    await this.#compare();
    this.#keep({ ...last, pruned: this.readHead()?.pruned ?? [] });
  }

  /** Remember outside of the database that all entries up to this one, which is older than the head, are removed on purpose. */
  markPruned(mark: AuditMark): void {
    const head = this.readHead();
    if (head === null) throw new Error('there is no head of the audit to remember a pruning with');
    this.#keep({ ...head, pruned: [...head.pruned, mark].slice(-MOST_MARKS) });
  }

  #keep(head: AuditHead): void {
    replaceDurably(this.#path, `${JSON.stringify(head)}\n`, 0o600);
    this.#head = head;
  }

  /** Write down how a call ended, unless its change has done so. Never rejects: the change is made, and the log has what cannot be written. */
  async end(call: AuditCall, failure: unknown): Promise<void> {
    call.isOver = true;
    if (failure === null && call.isWritten) return;
    const told = failure === null ? null : reasonOf(failure);
    if (told?.code === 'bad_input' || told?.code === 'too_many') return;
    await this.write({
      ...call.record,
      outcome: told === null ? 'done' : FAILURES.has(told.code) ? 'failed' : 'refused',
      reason: told && `${told.code}: ${told.message}`.slice(0, 1000),
    });
  }

  /** Write down what was done directly before; as soon as the database is back, when it is away. Never rejects. */
  async write(record: Omit<AuditRecord, 'atomic'>): Promise<void> {
    try {
      if (this.#database.awaySince() !== null && this.#waitFor(record)) return;
      await append(this.#db, { ...record, atomic: false });
    } catch (error) {
      if (explainDatabase(error)?.code === 'unavailable' && this.#waitFor(record)) return;
      this.#log.error('what was done cannot be written into the audit', { ...record, error });
    }
  }

  /** False when there is no more room. */
  #waitFor(record: Omit<AuditRecord, 'atomic'>): boolean {
    if (this.#waiting.length >= MOST_WAITING) return false;
    this.#waiting.push(record);
    if (this.#waiting.length === 1) void this.#writeWhenBack();
    return true;
  }

  async #writeWhenBack(): Promise<void> {
    // It may have been missed only just now.
    await this.#database.look();
    await this.#database.back();
    const waited = this.#waiting;
    this.#waiting = [];
    for (const record of waited) await this.write(record);
  }
}

function reasonOf(failure: unknown): { code: string; message: string } {
  return failure instanceof AppError
    ? { code: failure.code, message: failure.message }
    : { code: 'internal', message: 'by surprise; the log of the server has it' };
}
