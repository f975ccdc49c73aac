import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { DEFAULT_PROJECT } from '../project/schema.ts';
import { type AccessObject, may, projectsOf, type Rights, reachOf } from './may.ts';
import type { RightsBook } from './rights-book.ts';
import { PERMISSIONS, type Permission } from './schema.ts';
import { whoMay } from './who-may.ts';

/**
 * Where a procedure's input names what it is about: `guest`, a shell's `session` (or else its `guest`), an operation's `id`,
 * a change's `operation`, a recording's `id`; `trashed`: a guest in the trash by its id, as `guest`. `any`: lists, for whoever has the permission for anything, and filtered by it;
 * `list`: the same, unless it names a `guest`. `project`: what is to be made in it; left out, it is the default one.
 * `volume`: one by its name.
 */
export const LOCATORS = [
  'everything',
  'any',
  'list',
  'guest',
  'trashed',
  'session',
  'operation',
  'change',
  'recording',
  'project',
  'volume',
] as const;
export type Locator = (typeof LOCATORS)[number];

export interface GuardServices {
  db: Db;
  /** Id of a guest by id or name; null when there is none. */
  guestId(ref: string): string | null;
  /** The id of a guest in the trash; null when none has it. */
  trashedId(id: string): string | null;
  /** Also of one in the trash; null when there is no guest of this id any more. */
  guestName(id: string): string | null;
  /** Id of the guest that a shell is in; null when there is none. */
  guestOfSession(session: string): string | null;
  /** Id of the guest that was recorded, which may be gone; null when there is no such recording. */
  guestOfRecording(id: string): string | null;
  /** Null when there is no such volume. */
  projectOfVolume(name: string): Promise<string | null>;
  rights: RightsBook;
  /** The host on which a guest of this id lives; null: this one, or there is none. */
  elsewhere(id: string): { name: string; address: string } | null;
}

/** What any server does with a guest of any host: what is shown, and what people write. All else needs the kernel of its host. */
const ANYWHERE: ReadonlySet<string> = new Set([
  ...['guest.get', 'guest.list', 'guest.describe', 'guest.move', 'guest.wait'],
  ...['operation.get', 'operation.wait', 'audit.list', 'desk.get', 'desk.save'],
]);

/** Asks `may` for each call, with what the database says at this moment (rights-book.ts). */
export class Guard {
  readonly #services: GuardServices;

  constructor(services: GuardServices) {
    this.#services = services;
  }

  async rightsOf(actor: Actor): Promise<Rights> {
    return this.#services.rights.of(actor);
  }

  /**
   * Who may call. Throws `forbidden`, the same for what is somebody else's and what is not there, naming who can grant it.
   */
  async require(actor: Actor, permission: Permission, on: Locator, input: unknown): Promise<Rights> {
    const rights = await this.rightsOf(actor);
    if (rights.unlimited) return rights;
    if (on === 'any' || (on === 'list' && textIn(input, 'guest') === null)) {
      const reach = reachOf(rights, permission);
      const projects = projectsOf(rights, permission);
      if (reach === 'everything' || projects === 'everything') return rights;
      if (reach.size > 0 || projects.size > 0) return rights;
    } else if (may(rights, permission, await this.#locate(on, input))) return rights;
    throw await this.refusal(actor, permission);
  }

  /** Throws `illegal_state` for what only the server of the guest's host can do, with where that is. */
  async requireHere(path: string, on: Locator, input: unknown): Promise<void> {
    if (ANYWHERE.has(path)) return;
    const subject = await this.subjectOf(on, input);
    const host = subject && this.#services.elsewhere(subject.id);
    if (!host) return;
    throw new AppError(
      'illegal_state',
      `guest ${subject.name} lives on host ${host.name}: do that there (${host.address})`,
    );
  }

  /** The guest that an input names; null where it names none that is or was there. */
  async subjectOf(on: Locator, input: unknown): Promise<{ id: string; name: string } | null> {
    if (on === 'any' || on === 'everything') return null;
    const object = await this.#locate(on, input);
    if (object === 'everything' || !('guest' in object)) return null;
    return { id: object.guest, name: this.#services.guestName(object.guest) ?? object.guest };
  }

  async #locate(on: Exclude<Locator, 'any'>, input: unknown): Promise<AccessObject> {
    const { guestId, trashedId, guestOfSession, guestOfRecording } = this.#services;
    const guest = (id: string | null): AccessObject => (id === null ? 'everything' : { guest: id });
    if (on === 'guest' || on === 'list') return guest(guestId(textIn(input, 'guest') ?? ''));
    if (on === 'trashed') return guest(trashedId(textIn(input, 'guest') ?? ''));
    if (on === 'recording') return guest(guestOfRecording(textIn(input, 'id') ?? ''));
    if (on === 'session') {
      const session = textIn(input, 'session');
      if (session !== null) return guest(guestOfSession(session));
      return guest(guestId(textIn(input, 'guest') ?? ''));
    }
    if (on === 'everything') return 'everything';
    if (on === 'project') return { project: textIn(input, 'project') ?? DEFAULT_PROJECT };
    if (on === 'volume') {
      const project = await this.#services.projectOfVolume(textIn(input, 'volume') ?? '');
      return project === null ? 'everything' : { project };
    }
    return this.#locateOperation(textIn(input, on === 'operation' ? 'id' : 'operation'));
  }

  async #locateOperation(id: string | null): Promise<AccessObject> {
    // PostgreSQL takes no NUL in a text.
    if (!id || id.includes('\0')) return 'everything';
    const row = await this.#services.db.operation.findUnique({
      where: { id },
      select: { subjectType: true, subjectId: true },
    });
    return row?.subjectType === 'guest' ? { guest: row.subjectId } : 'everything';
  }

  /** What is said to who may not: it names who can grant it. */
  async refusal(actor: Actor, permission: Permission): Promise<AppError> {
    const who = actor.kind === 'user' ? actor.username : 'USER';
    const granters = (await whoMay(this.#services.db, 'people.manage')).map((name) => `${name} or `).join('');
    return new AppError(
      'forbidden',
      `you may not ${PERMISSIONS[permission]} (${permission}) there: ${granters}root grants it by berth user grant ${who} ROLE`,
    );
  }
}

/** A text of an input that nobody has checked yet; '' for what is there and is none, null for what is left out. */
function textIn(input: unknown, key: string): string | null {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, key)) return null;
  const value = (input as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : '';
}
