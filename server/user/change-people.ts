import { covers, type Rights } from '../access/may.ts';
import {
  type GuestsIn,
  grantsOf,
  projectReach,
  readRights,
  readRoles,
  tagReach,
} from '../access/read-grants.ts';
import { type AuditSubject, auditWithChange } from '../audit/current-call.ts';
import { endSessionsOf } from '../auth/end-sessions.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import type { Transaction, UserServices } from './services.ts';

/** Any number that no other lock of this database has. */
const LOCK = 5_831_704;

export interface Person {
  id: string;
  username: string;
  privileged: boolean;
  disabledAt: Date | null;
}

/** What a change of people works with. */
export interface Change {
  tx: Transaction;
  actor: Actor;
  rights: Rights;
  guestsIn: GuestsIn;
}

/** What a role is for: one guest by its id, a project, the guests with a tag, or, when all are null, everything. */
export interface Scope {
  guestId: string | null;
  project: string | null;
  tag: string | null;
}

/**
 * Change who may do what: one change at a time, so that two people who take each other's rights at once do not both succeed, and
 * at least one enabled administrator stays (`illegal_state`). It is written into the audit as about `subject`. Pages of people hear of it.
 */
export async function changePeople<T>(
  { db, events, guestsIn }: Pick<UserServices, 'db' | 'events' | 'guestsIn'>,
  by: { actor: Actor; subject?: AuditSubject },
  change: (change: Change) => Promise<T>,
): Promise<T> {
  const { actor } = by;
  const result = await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
    const before = await countAdmins(tx);
    // As they are now that nobody else changes them, not as they were when the call was let in.
    const rights = await readRights(tx, actor, guestsIn);
    const done = await change({ tx, actor, rights, guestsIn });
    if (before > 0 && (await countAdmins(tx)) === 0) {
      throw new AppError(
        'illegal_state',
        'nobody would be left who may manage people: make another administrator first',
        { field: ['username'] },
      );
    }
    await auditWithChange(tx, by.subject);
    return done;
  });
  events.publish({ type: 'people.changed' });
  return result;
}

async function countAdmins(tx: Transaction): Promise<number> {
  return tx.user.count({
    where: { disabledAt: null, grants: { some: { role: 'admin', guestId: null, project: null, tag: null } } },
  });
}

/** By user name. Throws `not_found` on field `username`. */
export async function findPerson(tx: Pick<Transaction, 'user'>, username: string): Promise<Person> {
  const row = await tx.user.findUnique({
    where: { username },
    select: { id: true, privileged: true, disabledAt: true },
  });
  if (row) return { ...row, username };
  throw new AppError('not_found', `there is no user ${JSON.stringify(username)}: see berth user ls`, {
    field: ['username'],
  });
}

/**
 * A person whom the actor may change: who has more rights than the actor is not the actor's to disable, to reset or to grant to,
 * else a reset would be a way to those rights. Throws `forbidden`.
 */
export async function findSubordinate(
  { tx, actor, rights, guestsIn }: Change,
  username: string,
): Promise<Person> {
  const person = await findPerson(tx, username);
  if (actor.kind !== 'user') return person;
  const own = await tx.user.findUnique({ where: { id: actor.id }, select: { privileged: true } });
  // Of one who is disabled too: enabled again, they have them back.
  const theirs = await grantsOf(tx, { userId: person.id }, guestsIn);
  const privileged = own?.privileged && !actor.token;
  if (covers(rights, theirs) && (privileged || !person.privileged)) return person;
  throw new AppError(
    'forbidden',
    `${username} may do more than you: somebody who may do as much, or root by the berth command, can do that`,
    { field: ['username'] },
  );
}

/** Throws `not_found` for a role that is not there, `forbidden` for one that allows more than the actor may. */
export async function requireGrantable(
  { tx, rights, guestsIn }: Change,
  grant: Scope & { role: string },
): Promise<void> {
  const permissions = (await readRoles(tx, [grant.role])).get(grant.role);
  if (!permissions) {
    throw new AppError('not_found', `there is no role ${JSON.stringify(grant.role)}: see berth role ls`, {
      field: ['role'],
    });
  }
  const project = projectReach(grant.project, guestsIn);
  const tag = tagReach(grant.tag, guestsIn);
  if (covers(rights, [{ permissions, guest: grant.guestId, project, tag }])) return;
  throw new AppError(
    'forbidden',
    `the role ${grant.role} allows more than you may yourself: it is not yours to give`,
    {
      field: ['role'],
    },
  );
}

/** Where an input gives a role: by one of `guest`, `project` and `tag`, or by none of them. Throws `not_found`, `bad_input`. */
export function scopeOf(
  services: Pick<UserServices, 'guest' | 'project'>,
  of: { guest?: string | undefined; project?: string | undefined; tag?: string | undefined },
): Scope {
  const { guest, project, tag } = of;
  const [, second] = (['guest', 'project', 'tag'] as const).filter((key) => of[key] !== undefined);
  if (second !== undefined) {
    throw new AppError('bad_input', 'a role is for a guest, for a project or for a tag: name one of them', {
      field: [second],
    });
  }
  return {
    guestId: guest === undefined ? null : services.guest(guest).id,
    project: project === undefined ? null : services.project(project).name,
    tag: tag ?? null,
  };
}

/** Throws `illegal_state` when the person is the actor. */
export function refuseSelf(actor: Actor, person: Person, what: string): void {
  if (actor.kind !== 'user' || actor.id !== person.id) return;
  throw new AppError('illegal_state', `you cannot ${what} yourself: another administrator can`, {
    field: ['username'],
  });
}

/** Their open pages and terminals end within a second. */
export async function endSessions(
  tx: Pick<Transaction, 'session' | 'apiToken'>,
  userId: string,
): Promise<void> {
  await endSessionsOf(tx, { id: userId });
}

/** They lose rights: everything open ends, and links that they made are no way back. */
export async function endRights(
  tx: Pick<Transaction, 'session' | 'setupLink' | 'apiToken'>,
  person: Person,
): Promise<void> {
  await endSessions(tx, person.id);
  await tx.setupLink.deleteMany({ where: { createdBy: person.username, kind: { in: ['invite', 'reset'] } } });
}
