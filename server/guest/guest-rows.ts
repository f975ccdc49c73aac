import { isDeepStrictEqual } from 'node:util';
import type { Db } from '../db/client.ts';
import { whenDatabaseIsBack } from '../db/when-database-is-back.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { type GuestRow, rowOf } from './guest-row.ts';
import type { GuestRecord } from './record.ts';
import { EditedElsewhere } from './store-errors.ts';

type Row = ReturnType<typeof rowOf>;

/** The guests' rows in the database. What is written waits while it is away, and is durable when the promise resolves. */
export class GuestRows {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  all(): Promise<GuestRow[]> {
    return this.#db.guest.findMany();
  }

  find(id: string): Promise<GuestRow | null> {
    return this.#db.guest.findUnique({ where: { id } });
  }

  async create(record: GuestRecord): Promise<void> {
    await failpoint('guest.insert', 'before');
    await this.#db.guest.create({ data: dataOf(rowOf(record)), select: { id: true } });
    await failpoint('guest.insert', 'after');
  }

  /** Write columns of a guest. Throws `EditedElsewhere` where another server has changed what people write since it was read. */
  async save(before: GuestRecord, columns: Partial<Row>): Promise<void> {
    await failpoint('guest.update', 'before');
    if (columns.version === undefined) await this.#write(before.id, columns);
    else await this.#edit(before, columns);
    await failpoint('guest.update', 'after');
  }

  /** Write the columns of these names as they are known here, whatever the database has. */
  async writeAgain(record: GuestRecord, columns: ReadonlySet<string>): Promise<void> {
    const known = Object.entries(rowOf(record));
    await this.#write(record.id, Object.fromEntries(known.filter(([column]) => columns.has(column))));
  }

  async remove(id: string): Promise<void> {
    await failpoint('guest.remove', 'before');
    await whenDatabaseIsBack(() => this.#db.guest.deleteMany({ where: { id } }));
    await failpoint('guest.remove', 'after');
  }

  async #write(id: string, columns: Partial<Row>): Promise<void> {
    await whenDatabaseIsBack(() =>
      this.#db.guest.update({ where: { id }, data: dataOf(columns), select: { id: true } }),
    );
  }

  async #edit({ id, version, name }: GuestRecord, columns: Partial<Row>): Promise<void> {
    const where = { id, version };
    const { count } = await whenDatabaseIsBack(() =>
      this.#db.guest.updateMany({ where, data: dataOf(columns) }),
    );
    if (count > 0) return;
    const row = await this.find(id);
    // It was written when nobody could say so.
    if (row && isDeepStrictEqual(row.edits, columns.edits)) return;
    throw new EditedElsewhere(name);
  }
}

/** The columns in which two states of a guest differ, as the second has them. Pure. */
export function changedColumns(before: GuestRecord, after: GuestRecord): Partial<Row> {
  const old = rowOf(before);
  return Object.fromEntries(
    Object.entries(rowOf(after)).filter(([key, value]) => !isDeepStrictEqual(value, old[key as keyof Row])),
  );
}

type Json = Record<'config' | 'edits' | 'fields' | 'urls', object>;

/** What Prisma takes for a JSON column is what it gives, but for null, which none of ours is. */
function dataOf<Columns extends Partial<Row>>(columns: Columns): Columns & Json {
  return columns as Columns & Json;
}
