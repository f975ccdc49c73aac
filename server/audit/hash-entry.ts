import { createHash } from 'node:crypto';
import type { AuditEntry } from './schema.ts';

function netstring(value: string | null): string {
  return value === null ? '-,' : `${Buffer.byteLength(value)}:${value},`;
}

/** The hash that an entry must have: what the function audit_append of the database computes, of all columns in their order. Pure. */
export function hashEntry(entry: Omit<AuditEntry, 'hash'>): string {
  const { previous, seq, at, actor, actorId, via, address, action, subject, operation, input } = entry;
  const { outcome, reason, atomic } = entry;
  const values = [
    ...[previous, String(seq), at, actor, actorId, via, address, action],
    ...[subject?.type ?? null, subject?.id ?? null, subject?.name ?? null, operation, input],
    ...[outcome, reason, String(atomic)],
  ];
  return createHash('sha256').update(values.map(netstring).join('')).digest('hex');
}
