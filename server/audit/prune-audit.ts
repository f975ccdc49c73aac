import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { AuditLog } from './audit-log.ts';
import { auditWithChange } from './current-call.ts';
import type { PrunedAudit } from './schema.ts';

/** ms: years of entries go in one transaction. */
const LONG = { timeout: 120_000, maxWait: 10_000 };

/**
 * Remove entries of before a time, as a whole beginning: from the first to the last before the first that is not older. What the one before
 * the first that stays had as its hash is kept outside of the database and in an entry of this, so a verdict still finds every other cut.
 * Throws `illegal_state` where the entries are not those that were written: first that is to be looked into.
 */
export async function pruneAudit(
  db: Db,
  log: Pick<AuditLog, 'follow' | 'readHead' | 'markPruned'>,
  before: Date,
): Promise<PrunedAudit> {
  await log.follow();
  // The last that a server has seen stays, for the next look to find.
  const seen = log.readHead()?.seq ?? 0;
  return db.$transaction(async (tx) => {
    // The one that appends has it too: nothing comes in between.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(5831705)`;
    const select = { seq: true, hash: true, previous: true } as const;
    const first = await tx.auditEntry.findFirst({ orderBy: { seq: 'asc' }, select });
    const kept = await tx.auditEntry.findFirst({
      where: { at: { gte: before } },
      orderBy: { seq: 'asc' },
      select,
    });
    const through = await tx.auditEntry.findFirst({
      where: { seq: { lt: Math.min(seen, kept?.seq ?? seen) } },
      orderBy: { seq: 'desc' },
      select,
    });
    if (!first || !through) {
      await auditWithChange(tx, null);
      return { removed: 0, through: null };
    }
    // Else a cut that is there already would be taken for this pruning.
    const marks = log.readHead()?.pruned ?? [];
    if (first.seq !== 1 && !marks.some((mark) => mark.seq + 1 === first.seq && mark.hash === first.previous))
      throw new AppError(
        'illegal_state',
        `the entries before ${first.seq} are missing and were not pruned: see berth audit verify`,
      );
    const gone = await tx.$queryRaw<
      { removed: number }[]
    >`SELECT audit_prune(${through.seq}::integer) AS removed`;
    const removed = gone[0]?.removed ?? 0;
    if (removed !== through.seq - first.seq + 1)
      throw new AppError(
        'illegal_state',
        `entries between ${first.seq} and ${through.seq} are missing: see berth audit verify`,
      );
    await auditWithChange(tx, { type: 'audit', id: through.hash, name: `${first.seq} to ${through.seq}` });
    // Last, and before the end of the transaction: a mark whose entries stay does no harm, entries that go without one look cut.
    log.markPruned({ seq: through.seq, hash: through.hash });
    return { removed, through: through.seq };
  }, LONG);
}
