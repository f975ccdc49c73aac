import type { Db } from '../db/client.ts';

/** Ended operations that are kept. */
const KEPT = 2000;

/** Remove the oldest ended operations beyond `kept`. Returns how many went. */
export async function pruneHistory(db: Db, kept: number = KEPT): Promise<number> {
  const last = await db.operation.findFirst({
    where: { status: { not: 'running' } },
    orderBy: { id: 'desc' },
    skip: kept,
    select: { id: true },
  });
  if (last === null) return 0;
  const { count } = await db.operation.deleteMany({
    where: { status: { not: 'running' }, id: { lte: last.id } },
  });
  return count;
}
