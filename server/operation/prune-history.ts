import type { Db } from '../db/client.ts';

/** Ended operations that are kept. */
const KEPT = 2000;

/** Remove the oldest ended operations of a host beyond `kept`. Returns how many went. */
export async function pruneHistory(db: Db, installationId: string, kept: number = KEPT): Promise<number> {
  const last = await db.operation.findFirst({
    where: { installationId, status: { not: 'running' } },
    orderBy: { id: 'desc' },
    skip: kept,
    select: { id: true },
  });
  if (last === null) return 0;
  const { count } = await db.operation.deleteMany({
    where: { installationId, status: { not: 'running' }, id: { lte: last.id } },
  });
  return count;
}
