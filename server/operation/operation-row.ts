import { z } from 'zod';
import type { Db } from '../db/client.ts';
import { OPERATION_KINDS, OPERATION_STATUSES, type OperationView } from './schema.ts';

const storedSteps = z.array(
  z.object({
    name: z.string(),
    status: z.enum(['pending', 'running', 'done', 'failed', 'undone', 'skipped']),
    ms: z.number().nullable(),
  }),
);

const storedError = z.object({
  code: z.string(),
  message: z.string(),
  field: z.array(z.union([z.string(), z.number()])).nullable(),
});

/** The columns that make a view: everything but input and output. */
export const viewColumns = {
  id: true,
  kind: true,
  status: true,
  subjectType: true,
  subjectId: true,
  subjectName: true,
  actor: true,
  steps: true,
  progress: true,
  message: true,
  cancellable: true,
  error: true,
  createdAt: true,
  endedAt: true,
} as const;

type Row = NonNullable<Awaited<ReturnType<typeof firstRow>>>;

function firstRow(db: Db) {
  return db.operation.findFirst({ select: viewColumns });
}

/** A row as clients see it. Throws ZodError where somebody wrote into the table by hand. */
export function viewOf(row: Row): OperationView {
  return {
    id: row.id,
    kind: z.enum(OPERATION_KINDS).parse(row.kind),
    status: z.enum(OPERATION_STATUSES).parse(row.status),
    subject: {
      type: z.enum(['guest', 'image']).parse(row.subjectType),
      id: row.subjectId,
      name: row.subjectName,
    },
    actor: row.actor,
    steps: storedSteps.parse(row.steps),
    progress: row.progress,
    message: row.message,
    cancellable: row.cancellable,
    error: row.error === null ? null : storedError.parse(row.error),
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
