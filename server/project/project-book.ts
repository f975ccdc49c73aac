import { z } from 'zod';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { ProjectRecording } from '../recording/schema.ts';
import { type FieldDefinition, fieldDefinition } from './field-schema.ts';
import { NO_QUOTAS, type ProjectQuotas, type ProjectView } from './schema.ts';

/** A project as the inventory keeps it. */
export type ProjectRecord = Omit<ProjectView, 'use'>;

/**
 * All projects, in memory and in the database. What is asked of it in one turn nobody changes meanwhile; what servers of other hosts
 * change is read again as they do (guest/follow-changes.ts).
 */
export class ProjectBook {
  readonly #db: Db;
  readonly #byName = new Map<string, ProjectRecord>();
  /** Being made, or deleted: what the database has of them is about to change. */
  readonly #onTheWay = new Set<string>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Read the inventory; called once at start. */
  async load(): Promise<void> {
    this.#byName.clear();
    for (const row of await this.#db.project.findMany()) this.#byName.set(row.name, recordOf(row));
  }

  /** Read one again, which another server may have changed. */
  async refresh(name: string): Promise<void> {
    const row = await this.#db.project.findUnique({ where: { name } });
    if (this.#onTheWay.has(name)) return;
    if (row) this.#byName.set(name, recordOf(row));
    else this.#byName.delete(name);
  }

  async refreshAll(): Promise<void> {
    const rows = await this.#db.project.findMany({ select: { name: true } });
    for (const name of new Set([...rows.map((row) => row.name), ...this.#byName.keys()]))
      await this.refresh(name);
  }

  /** By name. */
  all(): ProjectRecord[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): ProjectRecord | null {
    return this.#byName.get(name) ?? null;
  }

  /** Throws `not_found` on field `project`. */
  get(name: string): ProjectRecord {
    const found = this.#byName.get(name);
    if (found) return found;
    throw new AppError('not_found', `there is no project ${JSON.stringify(name)}: see berth project ls`, {
      field: ['project'],
    });
  }

  /** Throws `name_taken` on field `name`. */
  async insert(record: ProjectRecord): Promise<void> {
    const { name } = record;
    if (this.#byName.has(name)) {
      throw new AppError('name_taken', `there is a project ${name} already: choose another name`, {
        field: ['name'],
      });
    }
    this.#byName.set(name, record);
    this.#onTheWay.add(name);
    try {
      const { about, createdBy, fields, quotas, recording } = record;
      const columns = { ...columnsOf(quotas), ...recordingColumns(recording) };
      const data = { name, about, createdBy, fields, ...columns };
      await this.#db.project.create({ data, select: { name: true } });
    } catch (error) {
      this.#byName.delete(name);
      throw error;
    } finally {
      this.#onTheWay.delete(name);
    }
  }

  /** What is given counts once it is durable. Throws `not_found`. */
  async update(
    name: string,
    change: {
      about?: string;
      quotas?: Partial<ProjectQuotas>;
      fields?: FieldDefinition[];
      recording?: ProjectRecording | null;
    },
  ): Promise<ProjectRecord> {
    const { about = this.get(name).about, fields = this.get(name).fields } = change;
    const quotas = { ...this.get(name).quotas, ...change.quotas };
    const { recording = this.get(name).recording } = change;
    const columns = { ...columnsOf(quotas), ...recordingColumns(recording) };
    await this.#db.project.update({ where: { name }, data: { about, fields, ...columns } });
    const after = { ...this.get(name), about, quotas, fields, recording };
    this.#byName.set(name, after);
    return after;
  }

  /** Forget one that no guest is in; from the first moment on none gets into it. `change` deletes its row. */
  async remove(name: string, change: () => Promise<unknown>): Promise<void> {
    const record = this.get(name);
    this.#byName.delete(name);
    this.#onTheWay.add(name);
    try {
      await change();
    } catch (error) {
      this.#byName.set(name, record);
      throw error;
    } finally {
      this.#onTheWay.delete(name);
    }
  }
}

type Row = Awaited<ReturnType<Db['project']['findUniqueOrThrow']>>;

function recordOf(row: Row): ProjectRecord {
  return {
    name: row.name,
    about: row.about,
    quotas: {
      guests: row.guestQuota,
      cpu: row.cpuQuota === null ? null : row.cpuQuota / 1000,
      memory: row.memoryQuota === null ? null : Number(row.memoryQuota),
      disk: row.diskQuota === null ? null : Number(row.diskQuota),
      addresses: row.addressQuota,
    },
    fields: z.array(fieldDefinition).parse(row.fields),
    recording:
      row.recordSetAt === null
        ? null
        : {
            ...{ input: row.recordInput, mostBytes: row.recordMostBytes, keepDays: row.recordKeepDays },
            ...{ setBy: row.recordSetBy ?? 'root', setAt: row.recordSetAt.toISOString() },
          },
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
}

function recordingColumns(recording: ProjectRecording | null) {
  return {
    recordSetAt: recording === null ? null : new Date(recording.setAt),
    recordSetBy: recording?.setBy ?? null,
    recordInput: recording?.input ?? false,
    recordMostBytes: recording?.mostBytes ?? null,
    recordKeepDays: recording?.keepDays ?? null,
  };
}

function columnsOf(quotas: Partial<ProjectQuotas>) {
  const { guests, cpu, memory, disk, addresses } = { ...NO_QUOTAS, ...quotas };
  return {
    guestQuota: guests,
    cpuQuota: cpu === null ? null : Math.round(cpu * 1000),
    memoryQuota: memory === null ? null : BigInt(memory),
    diskQuota: disk === null ? null : BigInt(disk),
    addressQuota: addresses,
  };
}
