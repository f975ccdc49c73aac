import { AsyncLocalStorage } from 'node:async_hooks';
import type { Db } from '../db/client.ts';
import type { OperationView } from '../operation/schema.ts';
import { type AuditRecord, append } from './append.ts';
import { describeInput } from './describe-input.ts';

/** A mutation that is at work. */
export interface AuditCall {
  record: Omit<AuditRecord, 'outcome' | 'reason' | 'atomic'>;
  /** Written together with its change already. */
  isWritten: boolean;
  /** It was answered: what still goes on because of it is the server's own. */
  isOver: boolean;
}

const calls = new AsyncLocalStorage<AuditCall>();

/** Do the work of a call; what it changes in transactions is written into the audit with it. */
export function inCall<T>(call: AuditCall, work: () => Promise<T>): Promise<T> {
  return calls.run(call, work);
}

/** What a change is about. */
export type AuditSubject = AuditRecord['subject'];

/** The queries that write the call at work into the audit, for the transaction of its change: one, or none outside of calls. */
export function auditQueries(db: Pick<Db, '$queryRaw'>, subject?: AuditSubject) {
  const call = calls.getStore();
  if (!call || call.isOver) return [];
  if (subject) call.record.subject = subject;
  call.isWritten = true;
  return [append(db, { ...call.record, outcome: 'done', reason: null, atomic: true })];
}

/** The same in a transaction that is open. Called last: the audit's next entry waits for its end. */
export async function auditWithChange(tx: Pick<Db, '$queryRaw'>, subject?: AuditSubject): Promise<void> {
  for (const query of auditQueries(tx, subject)) await query;
}

/** The query that writes down the begin of an operation, for the transaction that journals it. */
export function auditOperation(db: Pick<Db, '$queryRaw'>, view: OperationView, input: unknown) {
  const { id, kind, subject, actor } = view;
  const done = { operation: id, subject, outcome: 'done', reason: null, atomic: true } as const;
  const call = calls.getStore();
  if (call && !call.isOver) {
    call.isWritten = true;
    return append(db, { ...call.record, ...done });
  }
  const own = { actor, actorId: null, via: 'server', address: null, action: kind } as const;
  return append(db, { ...own, input: describeInput(input), ...done });
}
