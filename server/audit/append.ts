import type { Db } from '../db/client.ts';
import type { AuditEntry } from './schema.ts';

/** What an entry is made of; the rest the database adds. */
export type AuditRecord = Omit<AuditEntry, 'seq' | 'at' | 'previous' | 'hash'>;

/** PostgreSQL takes no NUL, and half a surrogate pair is no character. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** The query that appends an entry: awaited, or one of a transaction's, after which the next entry waits for its end. */
export function append(db: Pick<Db, '$queryRaw'>, record: AuditRecord) {
  const { actor, actorId, via, address, action, subject, operation, input, outcome, reason, atomic } = record;
  const [type, id, name] = [subject?.type ?? null, subject?.id ?? null, storable(subject?.name ?? '')];
  return db.$queryRaw<{ seq: number }[]>`SELECT audit_append(
    ${actor}::text, ${actorId}::text, ${via}::text, ${address}::text, ${action}::text, ${type}::text, ${id}::text,
    ${subject ? name : null}::text, ${operation}::text, ${storable(input)}::text, ${outcome}::text,
    ${reason === null ? null : storable(reason)}::text, ${atomic}::boolean) AS seq`;
}
