import { isDeepStrictEqual } from 'node:util';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { type GuestRow, recordOf } from './guest-row.ts';
import { changedColumns, GuestRows } from './guest-rows.ts';
import { inOrder } from './in-order.ts';
import { mergeRow } from './merge-row.ts';
import type { GuestRecord, QuotaClaim } from './record.ts';
import type { GuestLimits, GuestUsage } from './schema.ts';
import type { GuestState } from './state.ts';
import { EditedElsewhere, isTaken, nameTaken } from './store-errors.ts';
import { UnsureColumns } from './unsure-columns.ts';

/** ms that who sees a project still sees what is told of a guest that is gone. */
const LINGER_MS = 60_000;

/**
 * All guests of the inventory, in memory and in the database: of those that live on this host the server is the only writer, but for what
 * people write about them (merge-row.ts), so it asks nothing that it knows. Every change is durable before it is visible here. Those in
 * the trash are kept apart: nothing that asks for guests meets them, but their numbers are theirs, and rights are judged on them as
 * before. Those of other hosts are found by name and id and shown; lists that things are done to have only this host's own.
 */
export class GuestStore {
  /** How far an operation of several parts is (`starting` within a restart); state-of.ts reads it. */
  readonly phase = new Map<string, GuestState>();
  /** The newest sample of each running guest. */
  readonly usage = new Map<string, GuestUsage>();
  /** What the kernel read back of limits that an operation set, until the verb that waits for it takes it. */
  readonly readBack = new Map<string, GuestLimits>();
  /** Timers of changes that go back by themselves (revert-change.ts). */
  readonly reverts = new Map<string, NodeJS.Timeout>();
  /** Scheduled starts. */
  readonly starts = new Map<string, NodeJS.Timeout>();
  /** Guests that stand still because memory ran out. */
  readonly waitingForMemory = new Set<string>();
  /** Room in a project that is promised to a guest which is being made, changed or moved, by the guest's id (quota.ts). */
  readonly claims = new Map<string, QuotaClaim>();
  /** How guests have ended that are not yet written down, as the database is away (record-exit.ts). */
  readonly unwritten = new Map<string, Pick<GuestRecord, 'state' | 'problem' | 'exit' | 'run'>>();
  /** Guests whose terminals are always recorded (server/recording/), by id. */
  readonly alwaysRecorded = new Set<string>();
  readonly #rows: GuestRows;
  readonly #own: string;
  readonly #byId = new Map<string, GuestRecord>();
  readonly #trash = new Map<string, GuestRecord>();
  readonly #byName = new Map<string, string>();
  readonly #byProject = new Map<string, Set<string>>();
  readonly #byTag = new Map<string, Set<string>>();
  readonly #unsure = new UnsureColumns();
  /** How many live on other hosts. */
  #others = 0;

  /** `own`: id of the installation that lives on this host. */
  constructor(db: Db, own = '') {
    this.#rows = new GuestRows(db);
    this.#own = own;
  }

  /** Read the inventory; called once at start, before anything else. */
  async load(): Promise<void> {
    const rows = await this.#rows.all();
    this.#byId.clear();
    this.#trash.clear();
    this.#byName.clear();
    this.#byProject.clear();
    this.#byTag.clear();
    this.#others = 0;
    // As they are sorted later on, which costs next to nothing when they are so already.
    const order = new Map(rows.map(({ id, name }) => [id, inOrder(name)]));
    const at = (id: string) => order.get(id) ?? '';
    rows.sort((one, other) => (at(one.id) < at(other.id) ? -1 : 1));
    for (const row of rows) this.#keep(recordOf(row));
  }

  /** Every guest of this host, in no particular order; none of the trash. */
  all(): GuestRecord[] {
    return this.#ofHere(this.everywhere());
  }

  /** Those of other hosts too. */
  everywhere(): GuestRecord[] {
    return [...this.#byId.values()];
  }

  isElsewhere({ installation }: Pick<GuestRecord, 'installation'>): boolean {
    return installation !== this.#own;
  }

  #ofHere(records: GuestRecord[]): GuestRecord[] {
    return this.#others === 0 ? records : records.filter((one) => !this.isElsewhere(one));
  }

  find(id: string): GuestRecord | null {
    return this.#byId.get(id) ?? null;
  }

  /** The guests of this host in the trash. */
  trashed(): GuestRecord[] {
    return this.#ofHere([...this.#trash.values()]);
  }

  /** Those in the trash too: for who looks after numbers, names in settings and files. */
  everyone(): GuestRecord[] {
    return [...this.all(), ...this.trashed()];
  }

  everyoneEverywhere(): GuestRecord[] {
    return [...this.#byId.values(), ...this.#trash.values()];
  }

  /** In the trash or not. */
  findAny(id: string): GuestRecord | null {
    return this.#byId.get(id) ?? this.#trash.get(id) ?? null;
  }

  /** One in the trash, by its id: several can have had the same name. Throws `not_found`. */
  getTrashed(id: string): GuestRecord {
    const record = this.#trash.get(id);
    if (!record)
      throw new AppError('not_found', `there is no guest ${id} in the trash`, { field: ['guest'] });
    return record;
  }

  /** By name or id. Throws `not_found`. */
  get(ref: string): GuestRecord {
    const record = this.#byId.get(this.#byName.get(ref) ?? ref);
    if (record) return record;
    const isTrashed = this.trashed().some(({ id, name }) => id === ref || name === ref);
    const hint = isTrashed ? `, but one in the trash: berth trash restore ${ref}` : '';
    throw new AppError('not_found', `there is no guest ${ref}${hint}`, { field: ['guest'] });
  }

  /** Id of a guest by name or id; null when there is none. */
  ref(ref: string): string | null {
    return this.#byId.get(this.#byName.get(ref) ?? ref)?.id ?? null;
  }

  /**
   * Ids of a project's guests: always the same set, which changes as they come and go. One that was deleted is in it for a while
   * longer, so that who saw it hears of its end.
   */
  readonly guestsIn = (project: string): ReadonlySet<string> => this.#membersOf(project);

  /** The same of a project or of a tag, for who judges rights. */
  readonly guestsOf = (of: { project: string } | { tag: string }): ReadonlySet<string> =>
    'project' in of ? this.#membersOf(of.project) : this.#taggedWith(of.tag);

  nameTaken(name: string): boolean {
    return this.#byName.has(name);
  }

  /**
   * Add a guest. Its name and numbers are taken from the first moment on, so that two that are made at once never
   * meet; `before` is asked once they are. Throws `name_taken` on field `name`, and what `before` throws.
   */
  async insert(record: GuestRecord, before?: () => Promise<void>): Promise<void> {
    this.#claimName(record.name, record.id);
    this.#byId.set(record.id, record);
    this.#membersOf(record.project).add(record.id);
    for (const tag of record.tags) this.#taggedWith(tag).add(record.id);
    try {
      await before?.();
      await this.#rows.create(record);
    } catch (error) {
      this.#byId.delete(record.id);
      this.#freeName(record.name, record.id);
      this.#membersOf(record.project).delete(record.id);
      for (const tag of record.tags) this.#taggedWith(tag).delete(record.id);
      throw isTaken(error) ? nameTaken(record.name) : error;
    }
  }

  /**
   * Change a guest, in the trash or not; `trash` puts it there or brings it back, with its name free or taken from then on. Throws
   * `not_found` when it is gone, `name_taken` on field `name`.
   */
  async update(id: string, change: Partial<Omit<GuestRecord, 'id'>>): Promise<GuestRecord> {
    if (this.#unsure.has(id))
      await this.#unsure.settle(id, (columns) =>
        this.#rows.writeAgain(this.findAny(id) ?? this.get(id), columns),
      );
    const before = this.findAny(id) ?? this.get(id);
    const next = { ...before, ...change };
    const isClaiming = next.trash === null && (before.trash !== null || next.name !== before.name);
    if (isClaiming) this.#claimName(next.name, id);
    const columns = changedColumns(before, next);
    try {
      if (Object.keys(columns).length > 0) await this.#rows.save(before, columns);
    } catch (error) {
      if (isClaiming) this.#freeName(next.name, id);
      if (error instanceof EditedElsewhere) {
        await this.refresh(id);
        throw error;
      }
      this.#unsure.add(id, Object.keys(columns));
      throw isTaken(error) ? nameTaken(next.name) : error;
    }
    // Another change may have come in between: only what this one is about is replaced.
    const now = this.findAny(id) ?? this.get(id);
    const after = { ...now, ...change };
    for (const { name } of [before, now, after])
      if (after.trash !== null || name !== after.name) this.#freeName(name, id);
    this.#replace(before, after);
    return after;
  }

  #replace(before: GuestRecord, after: GuestRecord): void {
    if (after.project !== before.project) this.#membersOf(before.project).delete(after.id);
    for (const tag of before.tags) if (!after.tags.includes(tag)) this.#taggedWith(tag).delete(after.id);
    this.#keep(after);
  }

  /**
   * Read a guest again that another server may have changed: one of another host whole, of one of this host what people write.
   */
  async refresh(id: string): Promise<Refreshed> {
    return this.#refreshed(id, await this.#rows.find(id));
  }

  /** All of them, also those that are new; only what has changed is told. */
  async refreshAll(): Promise<Refreshed[]> {
    const rows = new Map((await this.#rows.all()).map((row) => [row.id, row]));
    const ids = new Set([...rows.keys(), ...this.#byId.keys(), ...this.#trash.keys()]);
    const all = [...ids].map((id) => this.#refreshed(id, rows.get(id) ?? null));
    return all.filter(({ before, after }) => before !== after);
  }

  #refreshed(id: string, row: GuestRow | null): Refreshed {
    const before = this.findAny(id);
    if (row === null) {
      // One of this host that is not written down yet is being made.
      if (!before || !this.isElsewhere(before)) return { before, after: before };
      this.#forget(before);
      return { before, after: null };
    }
    const after = mergeRow(before, recordOf(row), this.#own);
    if (after === null || (before !== null && isDeepStrictEqual(before, after)))
      return { before, after: before };
    if (before) {
      if (before.name !== after.name || after.trash !== null) this.#freeName(before.name, id);
      this.#replace(before, after);
    } else this.#keep(after);
    return { before, after };
  }

  /** Forget a guest; idempotent. Its id range, lease and name are free only from here on. */
  async remove(id: string): Promise<GuestRecord | null> {
    await this.#rows.remove(id);
    const record = this.findAny(id);
    if (!record) return null;
    this.#forget(record);
    return record;
  }

  #forget(record: GuestRecord): void {
    const { id } = record;
    if (this.isElsewhere(record)) this.#others -= 1;
    this.#byId.delete(id);
    this.#trash.delete(id);
    this.#freeName(record.name, id);
    this.#unsure.forget(id);
    const linger = () => {
      this.#membersOf(record.project).delete(id);
      for (const tag of record.tags) this.#taggedWith(tag).delete(id);
    };
    setTimeout(linger, LINGER_MS).unref();
    this.phase.delete(id);
    this.unwritten.delete(id);
    this.alwaysRecorded.delete(id);
    this.#forgetTimes(id);
  }

  /** What was known only of a run that is over. */
  forgetRun(id: string): void {
    this.usage.delete(id);
    this.waitingForMemory.delete(id);
  }

  #forgetTimes(id: string): void {
    this.forgetRun(id);
    for (const timers of [this.reverts, this.starts]) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    }
  }

  #keep(record: GuestRecord): void {
    if (this.isElsewhere(record) && !this.findAny(record.id)) this.#others += 1;
    if (record.trash) {
      this.#byId.delete(record.id);
      this.#trash.set(record.id, record);
      this.#forgetTimes(record.id);
    } else {
      this.#trash.delete(record.id);
      this.#byId.set(record.id, record);
      this.#byName.set(record.name, record.id);
    }
    this.#membersOf(record.project).add(record.id);
    for (const tag of record.tags) this.#taggedWith(tag).add(record.id);
  }

  #taggedWith(tag: string): Set<string> {
    const guests = this.#byTag.get(tag) ?? new Set<string>();
    this.#byTag.set(tag, guests);
    return guests;
  }

  #membersOf(project: string): Set<string> {
    const members = this.#byProject.get(project) ?? new Set<string>();
    this.#byProject.set(project, members);
    return members;
  }

  /** Where it is this guest's: another one may have it by now. */
  #freeName(name: string, id: string): void {
    if (this.#byName.get(name) === id) this.#byName.delete(name);
  }

  #claimName(name: string, id: string): void {
    if (this.#byName.has(name)) throw nameTaken(name);
    this.#byName.set(name, id);
  }
}

/** How a guest was and is: the same where nothing has changed, null where it is not there. */
export interface Refreshed {
  before: GuestRecord | null;
  after: GuestRecord | null;
}
