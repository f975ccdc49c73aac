import type { z } from 'zod';
import type { Db } from '../db/client.ts';
import type { AuditEntry, listAuditInput } from './schema.ts';

type Row = NonNullable<Awaited<ReturnType<Db['auditEntry']['findFirst']>>>;

/** An entry as its row has it. Pure. */
export function entryOf({ at, via, outcome, subjectType, subjectId, subjectName, ...rest }: Row): AuditEntry {
  return {
    ...rest,
    at: at.toISOString(),
    via: via as AuditEntry['via'],
    outcome: outcome as AuditEntry['outcome'],
    subject: subjectType === null ? null : { type: subjectType, id: subjectId, name: subjectName ?? '' },
  };
}

/** Entries, newest first or from one on; only those about guests in reach, by id. */
export async function listAudit(
  db: Db,
  input: z.output<typeof listAuditInput>,
  of: { reach: 'everything' | ReadonlySet<string>; guestId: string | null },
): Promise<AuditEntry[]> {
  const { guest, actor, outcome, action, before, after, since, until, limit } = input;
  // PostgreSQL takes no NUL in a text.
  if ([guest, actor, action].some((text) => text?.includes('\0'))) return [];
  const named =
    guest === undefined ? {} : { OR: [{ subjectId: of.guestId ?? guest }, { subjectName: guest }] };
  const rows = await db.auditEntry.findMany({
    where: {
      ...(guest === undefined ? {} : { subjectType: 'guest', ...named }),
      ...(actor === undefined ? {} : { actor }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(action === undefined || action === '' ? {} : { action: { contains: action, mode: 'insensitive' } }),
      ...(of.reach === 'everything'
        ? {}
        : { AND: { subjectType: 'guest', subjectId: { in: [...of.reach] } } }),
      ...(since === undefined && until === undefined
        ? {}
        : {
            at: {
              ...(since === undefined ? {} : { gte: new Date(since) }),
              ...(until === undefined ? {} : { lte: new Date(until) }),
            },
          }),
      seq: { ...(before === undefined ? {} : { lt: before }), ...(after === undefined ? {} : { gt: after }) },
    },
    orderBy: { seq: after === undefined ? 'desc' : 'asc' },
    take: limit,
  });
  return rows.map(entryOf);
}
