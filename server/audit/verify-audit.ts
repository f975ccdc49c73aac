import type { Db } from '../db/client.ts';
import { type AuditHead, type AuditLog, BROKEN } from './audit-log.ts';
import { hashEntry } from './hash-entry.ts';
import { entryOf } from './list-audit.ts';
import type { AuditEntry, AuditProblem, AuditVerdict } from './schema.ts';

const AT_ONCE = 1000;
const MOST_PROBLEMS = 100;

/**
 * Whether all entries are those that were written: without a gap from the first, or from the last pruning on, to the last that any server
 * has seen, each with the hash of the one before and with its own. An entry that is changed with all hashes after it shows in the head, which is kept outside.
 */
export async function verifyAudit(db: Db, log: Pick<AuditLog, 'readHead'>): Promise<AuditVerdict> {
  const problems: AuditProblem[] = [];
  const add = (seq: number, what: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push({ seq, what });
  };
  const known = log.readHead();
  let [last, previous, entries] = [0, '', 0];
  const first = await db.auditEntry.findFirst({ orderBy: { seq: 'asc' }, select: { seq: true } });
  // What was removed on purpose is told by the file, which who owns only the database cannot write.
  const pruned = known?.pruned.find(({ seq }) => seq + 1 === first?.seq);
  if (pruned) [last, previous] = [pruned.seq, pruned.hash];
  for (;;) {
    const rows = await db.auditEntry.findMany({
      where: { seq: { gt: last } },
      orderBy: { seq: 'asc' },
      take: AT_ONCE,
    });
    for (const entry of rows.map(entryOf)) {
      for (const problem of judge(entry, { last, previous, known })) add(problem.seq, problem.what);
      entries++;
      [last, previous] = [entry.seq, entry.hash];
    }
    if (rows.length < AT_ONCE) break;
  }
  if (known && known.seq > last) add(last + 1, `to ${known.seq} are missing: they were cut off`);
  return { entries, pruned: pruned?.seq ?? 0, head: previous || null, problems };
}

/** What is wrong with an entry after the one before. Pure. */
function judge(
  entry: AuditEntry,
  { last, previous, known }: { last: number; previous: string; known: AuditHead | null },
): AuditProblem[] {
  const { seq, hash, action, reason } = entry;
  const found: AuditProblem[] = [];
  if (seq !== last + 1) {
    found.push({ seq: last + 1, what: seq === last + 2 ? 'is missing' : `to ${seq - 1} are missing` });
  } else if (entry.previous !== previous) {
    found.push({ seq, what: 'does not follow the one before, which was exchanged' });
  }
  if (hashEntry(entry) !== hash) found.push({ seq, what: 'was changed: its hash is of something else' });
  if (seq === known?.seq && hash !== known.hash)
    found.push({ seq, what: 'is another than the one that the server saw, with hashes that fit' });
  if (action === BROKEN) found.push({ seq, what: `tells of a change or cut before it: ${reason}` });
  return found;
}
