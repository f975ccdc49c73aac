import { auditOperation } from '../audit/current-call.ts';
import type { Db } from '../db/client.ts';
import type { HostBook } from '../db/host-book.ts';
import { toJson } from '../db/json.ts';
import { newId } from '../db/new-id.ts';
import type { Actor, StepDefinition } from '../platform.ts';
import { actorName } from './actor-name.ts';
import type { OperationKind, OperationView } from './schema.ts';

/** An operation that begins now. */
export function newView(of: {
  kind: OperationKind;
  subject: OperationView['subject'];
  actor: Actor;
  steps: readonly StepDefinition[];
  cancellable: boolean;
}): OperationView {
  return {
    id: newId(),
    kind: of.kind,
    status: 'running',
    subject: { ...of.subject },
    actor: actorName(of.actor),
    // The first is journalled as begun together with the operation: one write less.
    steps: of.steps.map(({ name }, at) => ({ name, status: at === 0 ? 'running' : 'pending', ms: null })),
    progress: null,
    message: null,
    cancellable: of.cancellable,
    error: null,
    createdAt: new Date().toISOString(),
    endedAt: null,
  };
}

/** Write an operation into the journal, and who began it into the audit; both durable when it resolves. */
export async function insertOperation(
  { db, hosts }: { db: Db; hosts: Pick<HostBook, 'own'> },
  view: OperationView,
  input: unknown,
): Promise<void> {
  const { id, kind, status, subject, actor, steps, cancellable, createdAt } = view;
  const create = db.operation.create({
    data: {
      id,
      installationId: hosts.own,
      kind,
      status,
      subjectType: subject.type,
      subjectId: subject.id,
      subjectName: subject.name,
      actor,
      input: toJson(input),
      steps: toJson(steps),
      cancellable,
      // A text would be part of the query, which is then compiled anew each time; so below.
      createdAt: new Date(createdAt),
    },
    select: { id: true },
  });
  await db.$transaction([create, auditOperation(db, view, input)]);
}
