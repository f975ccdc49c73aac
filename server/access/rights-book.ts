import type { DatabaseState } from '../db/database-state.ts';
import { LastVerified } from '../db/last-verified.ts';
import { withLastKnown } from '../db/with-last-known.ts';
import type { Actor, Platform } from '../platform.ts';
import type { Rights } from './may.ts';
import { type GuestsIn, readRights } from './read-grants.ts';

interface Services extends Pick<Platform, 'db' | 'events'> {
  database: DatabaseState;
  guestsIn: GuestsIn;
}

type UserActor = Extract<Actor, { kind: 'user' }>;

/**
 * What each actor may do, as the database says at the moment of each question. While it is away, what it said last counts for a while
 * (last-verified.ts), unless anybody's rights have changed since: those are asked for anew at once.
 */
export class RightsBook {
  readonly #services: Services;
  readonly #known = new LastVerified<{ actor: UserActor; rights: Rights }>();

  constructor(services: Services) {
    this.#services = services;
    services.events.on(({ type }) => {
      if (type === 'people.changed' || type === 'projects.changed') void this.#confirm();
    });
  }

  /** Throws `unavailable` while the database is away and has not said it lately. */
  async of(actor: Actor): Promise<Rights> {
    const { database } = this.#services;
    if (actor.kind !== 'user') return { unlimited: true };
    const last = () => this.#known.get(keyOf(actor))?.rights ?? null;
    return withLastKnown(database, { ask: () => this.#read(actor), last });
  }

  async #read(actor: UserActor): Promise<Rights> {
    const { db, guestsIn } = this.#services;
    const { generation } = this.#known;
    const rights = await readRights(db, actor, guestsIn);
    this.#known.keep(keyOf(actor), { actor, rights }, generation);
    return rights;
  }

  async #confirm(): Promise<void> {
    for (const [, { actor }] of this.#known.distrust()) await this.#read(actor).catch(() => undefined);
  }
}

const keyOf = ({ id, token }: UserActor) => `${id} ${token?.id ?? ''}`;
