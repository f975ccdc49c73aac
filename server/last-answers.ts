import { LastVerified } from './db/last-verified.ts';
import type { BerthEvent } from './event/schema.ts';
import type { Actor, EventBus } from './platform.ts';

/** Lists that only the database has, and that a page needs to be of use without it. */
const KEPT = new Set([
  'image.list',
  'volume.list',
  'view.list',
  'view.defaults',
  'project.list',
  'notice.list',
  'operation.list',
  'desk.get',
]);
/** Of each noun. */
const MOST = 100;

/** What is told by an event makes earlier answers about it old; other nouns' stay. */
const NOUN_OF: Partial<Record<BerthEvent['type'], string>> = {
  'image.changed': 'image',
  'volume.changed': 'volume',
  'volume.removed': 'volume',
  'views.changed': 'view',
  'notices.changed': 'notice',
  'operation.changed': 'operation',
};
/** Their rows depend on what is in whose reach; who may see images at all is judged at each call. */
const OF_REACH = ['volume', 'view', 'project', 'notice', 'operation'];
/** Whose rights, or what is in whose reach. */
const REACH: ReadonlySet<BerthEvent['type']> = new Set(['people.changed', 'projects.changed', 'guest.left']);

/** An answer that may be given again while the database is away. */
interface KeptAnswer {
  last(): unknown;
  keep(answer: unknown): void;
}

/** The last answers of a few lists, each for who got it, as long as nothing has changed since: for the time that the database is away. */
export class LastAnswers {
  readonly #nouns = new Map<string, LastVerified<unknown>>();

  constructor({ events }: { events: EventBus }) {
    for (const path of KEPT) this.#nouns.set(nounOf(path), new LastVerified({ most: MOST }));
    events.on(({ type }) => {
      const noun = NOUN_OF[type];
      if (noun !== undefined) this.#nouns.get(noun)?.distrust();
      if (REACH.has(type)) for (const one of OF_REACH) this.#nouns.get(one)?.distrust();
    });
  }

  /** For a call that begins now; null: its answer is none that is kept. `last` is null for what is not known. */
  of(actor: Actor, path: string, input: unknown): KeptAnswer | null {
    const known = KEPT.has(path) ? this.#nouns.get(nounOf(path)) : undefined;
    if (known === undefined) return null;
    const who = actor.kind === 'user' ? `${actor.id} ${actor.token?.id ?? ''}` : actor.kind;
    const key = `${who} ${path} ${JSON.stringify(input)}`;
    const { generation } = known;
    return { last: () => known.get(key), keep: (answer) => known.keep(key, answer, generation) };
  }
}

const nounOf = (path: string) => path.split('.')[0] ?? '';
