import type { z } from 'zod';
import type { Db } from '../db/client.ts';
import { viewColumns, viewOf } from './operation-row.ts';
import type { listOperationsInput, OperationView } from './schema.ts';

/** Newest first; `after` is the last id of the page before. Only those about guests that are in reach. */
export async function listOperations(
  db: Db,
  input: z.output<typeof listOperationsInput>,
  reach: 'everything' | ReadonlySet<string> = 'everything',
): Promise<OperationView[]> {
  const { subject, status, limit, after } = input;
  const rows = await db.operation.findMany({
    where: {
      ...(status === undefined ? {} : { status }),
      ...(reach === 'everything' ? {} : { subjectType: 'guest', subjectId: { in: [...reach] } }),
      ...(after === undefined ? {} : { id: { lt: after } }),
      ...(subject === undefined ? {} : { OR: [{ subjectId: subject }, { subjectName: subject }] }),
    },
    orderBy: { id: 'desc' },
    take: limit,
    select: viewColumns,
  });
  return rows.map(viewOf);
}
