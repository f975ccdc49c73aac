interface Unsure {
  columns: Set<string>;
  writing: Promise<void> | null;
}

/**
 * Columns of guests whose change has failed in the database: a connection that breaks does not tell whether it was made. They are written
 * once more, as they are known here, before anything else of that guest is.
 */
export class UnsureColumns {
  readonly #of = new Map<string, Unsure>();

  has(id: string): boolean {
    return this.#of.has(id);
  }

  add(id: string, columns: Iterable<string>): void {
    const unsure = this.#of.get(id) ?? { columns: new Set(), writing: null };
    for (const column of columns) unsure.columns.add(column);
    this.#of.set(id, unsure);
  }

  /** The guest is gone. */
  forget(id: string): void {
    this.#of.delete(id);
  }

  /** Resolves when all of them are sure; who comes meanwhile waits for the same write. Throws what `write` throws. */
  async settle(id: string, write: (columns: ReadonlySet<string>) => Promise<unknown>): Promise<void> {
    for (let unsure = this.#of.get(id); unsure; unsure = this.#of.get(id)) {
      unsure.writing ??= this.#write(id, unsure, write);
      await unsure.writing;
    }
  }

  async #write(
    id: string,
    unsure: Unsure,
    write: (columns: ReadonlySet<string>) => Promise<unknown>,
  ): Promise<void> {
    // What becomes unsure from here on is not made sure by this write.
    const columns = unsure.columns;
    unsure.columns = new Set();
    try {
      await write(columns);
      if (unsure.columns.size === 0 && this.#of.get(id) === unsure) this.#of.delete(id);
    } catch (error) {
      for (const column of columns) unsure.columns.add(column);
      throw error;
    } finally {
      unsure.writing = null;
    }
  }
}
