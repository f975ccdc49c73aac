import { join } from 'node:path';
import { z } from 'zod';
import { replaceDurably } from '../instance/write-durably.ts';
import { readJson } from './read-json.ts';
import type { RecordingPolicy } from './schema.ts';

/** What is set for a guest itself or for all; what its project says is the project's. */
export type OwnPolicy = Omit<RecordingPolicy, 'project'>;

const policies = z.record(z.string(), z.object({ setBy: z.string(), setAt: z.iso.datetime() }));

/** Instead of a guest's id, for the policy of all; no id is like it. */
export const ALL_GUESTS = '*';

/** Which guests are always recorded, and who wanted that: `always.json` in the folder of recordings. */
export class RecordingPolicies {
  readonly #path: string;
  #known: z.infer<typeof policies> = {};

  constructor(folder: string) {
    this.#path = join(folder, 'always.json');
  }

  /** Know those of a server before this one again. */
  adopt(): void {
    this.#known = readJson(this.#path, policies) ?? {};
  }

  /** Of a guest by its id, or of all. */
  of(guestId: string): OwnPolicy {
    const all = this.#known[ALL_GUESTS];
    const found = all ?? this.#known[guestId];
    const everywhere = all !== undefined;
    return found
      ? { always: true, everywhere, ...found }
      : { always: false, everywhere, setBy: null, setAt: null };
  }

  /** Ids of the guests that have a policy of their own. */
  guests(): string[] {
    return Object.keys(this.#known).filter((id) => id !== ALL_GUESTS);
  }

  set(guestId: string, always: boolean, by: string): OwnPolicy {
    const { [guestId]: _, ...others } = this.#known;
    const next = always ? { ...others, [guestId]: { setBy: by, setAt: new Date().toISOString() } } : others;
    replaceDurably(this.#path, `${JSON.stringify(next)}\n`, 0o600);
    this.#known = next;
    return this.of(guestId);
  }
}
