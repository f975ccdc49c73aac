import type { DeskView, SavedDesk, StoredDesk } from '../../../server/desk/schema.ts';
import { type LocalDesk, NO_DESK, recallLocally, rememberLocally } from './desk-storage.ts';
import { mergeDesks } from './merge-desks.ts';

/** ms after a change until it is saved: a divider that is dragged is saved once. */
const SETTLED_MS = 500;
/** ms after which what could not be saved is tried again. */
const AGAIN_MS = 10_000;

export interface DeskServer {
  get(): Promise<DeskView>;
  save(version: number, desk: StoredDesk): Promise<SavedDesk>;
}

const isSame = (one: StoredDesk, other: StoredDesk) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Remembers one desk of a person: in the server, so that every browser of theirs has it, and in this browser for when the server
 * cannot be asked. When two browsers save at once, the later one brings both together and saves again.
 */
export class DeskMemory {
  readonly #key: string;
  readonly #server: DeskServer;
  readonly #onMerged: (desk: StoredDesk) => void;
  /** What the server has, as far as it is known here. */
  #base: LocalDesk['base'] = { version: 0, desk: NO_DESK };
  #latest: StoredDesk = NO_DESK;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSaving = false;
  #isOver = false;

  constructor(options: { key: string; server: DeskServer; onMerged: (desk: StoredDesk) => void }) {
    this.#key = options.key;
    this.#server = options.server;
    this.#onMerged = options.onMerged;
  }

  /** The desk as it was left. Never rejects: without the server it is as this browser left it. */
  async recall(): Promise<StoredDesk> {
    const local = recallLocally(this.#key);
    try {
      this.#base = await this.#server.get();
      // What was changed here and did not get to the server any more counts.
      this.#latest =
        local && !isSame(local.base.desk, local.desk)
          ? mergeDesks(local.base.desk, local.desk, this.#base.desk)
          : this.#base.desk;
    } catch {
      this.#base = local?.base ?? this.#base;
      this.#latest = local?.desk ?? NO_DESK;
    }
    return this.#latest;
  }

  /** It is like this now. */
  remember(desk: StoredDesk): void {
    if (!isSame(desk, this.#latest)) {
      this.#latest = desk;
      this.#write();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.#schedule(SETTLED_MS);
  }

  /** Save now what waits to be. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#save();
  }

  /** The page is left; what waits is saved, and nobody is told any more. */
  end(): void {
    this.flush();
    this.#isOver = true;
  }

  #write(): void {
    rememberLocally(this.#key, { base: this.#base, desk: this.#latest });
  }

  #schedule(ms: number): void {
    if (this.#isOver || this.#isSaving || this.#timer !== undefined) return;
    if (isSame(this.#latest, this.#base.desk)) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#save();
    }, ms);
  }

  async #save(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    const sent = this.#latest;
    let again = SETTLED_MS;
    let isMerged = false;
    try {
      const { isSaved, version, desk } = await this.#server.save(this.#base.version, sent);
      if (!isSaved) this.#latest = mergeDesks(this.#base.desk, this.#latest, desk);
      this.#base = { version, desk: isSaved ? sent : desk };
      this.#write();
      isMerged = !isSaved;
      if (isMerged && !this.#isOver) this.#onMerged(this.#latest);
    } catch {
      again = AGAIN_MS;
    } finally {
      this.#isSaving = false;
    }
    // Whoever has left gives no other occasion.
    if (isMerged && this.#isOver) await this.#save();
    else this.#schedule(again);
  }
}
