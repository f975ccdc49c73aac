import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import { recordOf } from './guest-row.ts';
import {
  type Amounts,
  amountsPromised,
  amountsTaken,
  claimRoom,
  type Exceeded,
  exceededBy,
  most,
  NOTHING,
  overQuota,
  sumOf,
} from './quota.ts';
import type { QuotaClaim } from './record.ts';
import type { GuestServices } from './services.ts';

type Services = Pick<GuestServices, 'db' | 'guests' | 'hosts' | 'log' | 'projects'>;

/** ms after which a promise of another server counts no more: that server has ended in the middle of it. */
const FORGOTTEN_AFTER = 15 * 60_000;
/** ms for a connection, and for the turn of who else looks at the project and one's own. */
const PATIENCE = { maxWait: 10_000, timeout: 15_000 };

/**
 * Take room in a project, here (`claimRoom`) and before the servers of all hosts. Throws `over_quota` that names the quota, its numbers
 * and who may raise it, and `busy`. Call the result when the guest's record says the same, or the change was given up.
 */
export async function takeRoom(services: Services, claim: QuotaClaim): Promise<() => void> {
  const taken = claimRoom(services, claim);
  if (!('release' in taken)) throw await overQuota(services, taken);
  try {
    const giveBack = await promiseEverywhere(services, claim);
    return () => {
      taken.release();
      giveBack();
    };
  } catch (error) {
    taken.release();
    throw error;
  }
}

/**
 * What was taken here is promised before the servers of all hosts, of which one at a time looks at a project: each counts what is in the
 * database, and what others have been promised. Throws as `takeRoom`. Nothing to do where no other host shares the database,
 * or the project has no quota.
 */
export async function promiseEverywhere(services: Services, claim: QuotaClaim): Promise<() => void> {
  const { db, hosts, log, projects } = services;
  const hasNone = Object.values(projects.get(claim.project).quotas).every((quota) => quota === null);
  if (hosts.isAlone() || hasNone) return () => undefined;
  const id = newId();
  const exceeded = await db.$transaction((tx) => promise({ ...services, tx }, claim, id), PATIENCE);
  if (exceeded) throw await overQuota(services, exceeded);
  return () => {
    // What stays counts with what its guest has: once.
    db.quotaClaim
      .deleteMany({ where: { id } })
      .catch((error: unknown) => log.warn('a promise of room cannot be taken back', { error }));
  };
}

/** What was promised to a guest is over, whoever took it. */
export async function endPromise({ db, hosts }: Services, guestId: string): Promise<void> {
  if (hosts.isAlone()) return;
  await db.quotaClaim.deleteMany({ where: { guestId, installationId: hosts.own } });
}

type Transaction = Parameters<Parameters<GuestServices['db']['$transaction']>[0]>[0];

async function promise(
  services: Services & { tx: Transaction },
  claim: QuotaClaim,
  id: string,
): Promise<Exceeded | null> {
  const { tx, hosts } = services;
  const { project, guest } = claim;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`berth project ${project}`}, 0))`;
  // Promises first: one is given back once its guest's row is there, without the lock, so that of a guest one of both is seen.
  const since = new Date(Date.now() - FORGOTTEN_AFTER);
  const claims = await tx.quotaClaim.findMany({ where: { at: { gt: since } } });
  const rows = await tx.guest.findMany({ where: { project } });
  const other = claims.find((one) => one.guestId === guest.id);
  if (other && other.installationId !== hosts.own)
    throw new AppError(
      'busy',
      `guest ${guest.name} is being changed at ${hosts.nameOf(other.installationId)}: try again`,
    );
  const byGuest = new Map<string, Amounts>(rows.map((row) => [row.id, amountsTaken(recordOf(row))]));
  const own = byGuest.get(guest.id) ?? NOTHING;
  for (const one of claims) {
    if (one.project !== project || one.guestId === guest.id) continue;
    const { guests, cpu, memory, addresses } = one;
    const promised = { guests, cpu, memory: Number(memory), addresses };
    byGuest.set(one.guestId, most(byGuest.get(one.guestId) ?? NOTHING, promised));
  }
  const before = sumOf(byGuest.values());
  const wanted = amountsPromised(claim);
  const after = sumOf(byGuest.set(guest.id, most(own, wanted)).values());
  const exceeded = exceededBy(services, project, { before, after });
  if (exceeded) return exceeded;
  const { guests, cpu, memory, addresses } = wanted;
  const data = { id, installationId: hosts.own, project, at: new Date() };
  const amounts = { guests, cpu, memory: BigInt(memory), addresses };
  await tx.quotaClaim.upsert({
    where: { guestId: guest.id },
    create: { guestId: guest.id, ...data, ...amounts },
    update: { ...data, ...amounts },
  });
  return null;
}
