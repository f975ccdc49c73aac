import type { BerthEvent } from '../../../server/event/schema.ts';
import type { OperationKind } from '../../../server/operation/schema.ts';

/** What somebody has done to a guest. */
export interface Change {
  /** The same for all that is said of one change. */
  id: string;
  guest: { id: string; name: string };
  by: string;
  /** `stopped web-1`. */
  words: string;
}

const OPERATION_WORDS: Partial<Record<OperationKind, (name: string) => string>> = {
  'guest.start': (name) => `started ${name}`,
  'guest.stop': (name) => `stopped ${name}`,
  'guest.restart': (name) => `restarted ${name}`,
  'guest.freeze': (name) => `froze ${name}`,
  'guest.unfreeze': (name) => `unfroze ${name}`,
  'guest.rename': (name) => `renamed ${name}`,
  'guest.configure': (name) => `changed the settings of ${name}`,
  'guest.trash': (name) => `put ${name} into the trash`,
  'guest.restore': (name) => `brought ${name} back out of the trash`,
  'guest.delete': (name) => `deleted ${name} for good`,
};

const EDIT_WORDS: Record<string, string> = {
  expires: 'expiry',
  atExpiry: 'what happens at the expiry',
};

const editWord = (key: string) =>
  key.startsWith('fields.') ? `field ${key.slice('fields.'.length)}` : (EDIT_WORDS[key] ?? key);

/** What an event says that a person has done to a guest; null for all else, for what failed too. Pure. */
export function changeOf(event: BerthEvent): Change | null {
  if (event.type === 'guest.changed' && event.edit) {
    const { guest, edit } = event;
    const what = edit.what.map(editWord);
    const list = what.length > 1 ? `${what.slice(0, -1).join(', ')} and ${what.at(-1)}` : what.join();
    return {
      id: `${guest.id} ${guest.version}`,
      guest,
      by: edit.by,
      words: `changed the ${list} of ${guest.name}`,
    };
  }
  if (event.type !== 'operation.changed' || event.operation.status !== 'done') return null;
  const { id, kind, subject, actor } = event.operation;
  const words = OPERATION_WORDS[kind]?.(subject.name);
  // What the server does by itself is no change of somebody's.
  return words && actor !== 'policy' ? { id, guest: subject, by: actor, words } : null;
}

/** ms for which changes are told as one. */
export const TOGETHER_MS = 10_000;

/** The changes of others to the guest on show, as one line that grows: the newest, and how many there were before it. */
export class ChangeTeller {
  readonly #now: () => number;
  #count = 0;
  #last = { id: '', guest: '', at: 0 };

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Title and detail of the line about a change; null for one that was told. */
  tell({ id, guest, by, words }: Change): { title: string; detail?: string } | null {
    if (id === this.#last.id) return null;
    const at = this.#now();
    const isMore = this.#last.guest === guest.id && at - this.#last.at < TOGETHER_MS;
    this.#count = isMore ? this.#count + 1 : 0;
    this.#last = { id, guest: guest.id, at };
    const title = `${by} ${words}`;
    if (this.#count === 0) return { title };
    return { title, detail: `after ${this.#count} other ${this.#count === 1 ? 'change' : 'changes'}` };
  }
}
