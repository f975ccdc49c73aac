import { z } from 'zod';

export const OPERATION_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

export const OPERATION_KINDS = [
  'guest.create',
  'guest.start',
  'guest.stop',
  'guest.restart',
  'guest.freeze',
  'guest.unfreeze',
  'guest.rename',
  'guest.configure',
  'guest.trash',
  'guest.restore',
  'guest.delete',
  'image.build',
  'image.delete',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

export interface OperationStep {
  name: string;
  status: 'pending' | 'running' | 'done' | 'failed' | 'undone' | 'skipped';
  /** Milliseconds it took; null while it is not over. */
  ms: number | null;
}

/** Slow work as every client sees it. */
export interface OperationView {
  id: string;
  kind: OperationKind;
  status: OperationStatus;
  /** What it is about: a guest's or an image's name as it was then. */
  subject: { type: 'guest' | 'image'; id: string; name: string };
  actor: string;
  steps: OperationStep[];
  /** 0 to 1, or null where it cannot be told. */
  progress: number | null;
  /** The newest line of what it is doing, plain text. */
  message: string | null;
  cancellable: boolean;
  error: { code: string; message: string; field: (string | number)[] | null } | null;
  createdAt: string;
  endedAt: string | null;
}

export const operationRef = z.object({ id: z.string().min(1).max(64) });
export const listOperationsInput = z.object({
  /** Only those of this guest or image (id or name). */
  subject: z.string().max(200).optional(),
  status: z.enum(OPERATION_STATUSES).optional(),
  limit: z.number().int().min(1).max(500).default(100),
  /** The last id of the page before. */
  after: z.string().max(64).optional(),
});
export const waitOperationInput = operationRef.extend({
  timeoutMs: z.number().int().min(1).max(3_600_000).optional(),
});
