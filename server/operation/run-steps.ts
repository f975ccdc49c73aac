import { AppError } from '../errors/app-error.ts';
import { type ErrorBody, errorBody } from '../errors/error-body.ts';
import { stepFailpoint } from '../failpoint/failpoint.ts';
import type { Log, StepDefinition } from '../platform.ts';
import type { RunningOperation } from './running-operation.ts';
import type { OperationStatus } from './schema.ts';

/** How steps ended; `error` is null exactly when the status is `done`. */
export interface StepsEnd {
  status: Exclude<OperationStatus, 'running'>;
  error: ErrorBody | null;
}

/** Statuses of a step that has left nothing, or never began. */
const NOTHING_TO_UNDO = new Set(['pending', 'skipped', 'undone']);

async function runStep(operation: RunningOperation, step: StepDefinition): Promise<void> {
  const shown = operation.step(step.name);
  const { kind } = operation.view;
  if (shown.status !== 'running') {
    shown.status = 'running';
    await operation.journal();
  }
  const began = performance.now();
  try {
    await stepFailpoint({ kind, step: step.name }, 'before');
    await step.run(operation.context());
    await stepFailpoint({ kind, step: step.name }, 'after');
    shown.status = 'done';
  } catch (error) {
    shown.status = 'failed';
    throw error;
  } finally {
    shown.ms = Math.round(performance.now() - began);
  }
}

/**
 * Undo, last first, every step that began. One undo that fails does not keep the others from running.
 * Returns the names of those that failed.
 */
export async function undoSteps(
  operation: RunningOperation,
  steps: readonly StepDefinition[],
  log: Log,
): Promise<string[]> {
  const failed: string[] = [];
  for (const step of steps.toReversed()) {
    const shown = operation.step(step.name);
    if (shown.status === 'pending') shown.status = 'skipped';
    if (NOTHING_TO_UNDO.has(shown.status)) continue;
    try {
      const at = { kind: operation.view.kind, step: step.name, undo: true };
      await stepFailpoint(at, 'before');
      await step.undo?.();
      await stepFailpoint(at, 'after');
      if (step.undo !== undefined && shown.status !== 'failed') shown.status = 'undone';
    } catch (error) {
      failed.push(step.name);
      log.error(`undoing ${step.name} failed`, { operation: operation.view.id, error });
    }
  }
  return failed;
}

/** Write the reason first: a crash in the middle of undoing must not end in doing again. */
export async function undoBecause(
  operation: RunningOperation,
  options: { steps: readonly StepDefinition[]; reason: ErrorBody; log: Log },
): Promise<ErrorBody> {
  const { steps, reason, log } = options;
  operation.view.error = { ...reason, field: reason.field === null ? null : [...reason.field] };
  await operation.journal();
  const failed = await undoSteps(operation, steps, log);
  if (failed.length === 0) return reason;
  return { ...reason, message: `${reason.message}; undoing failed too: ${failed.join(', ')}` };
}

/** Run the steps that are not done yet, in order; on failure or cancellation undo them in reverse. */
export async function runSteps(
  operation: RunningOperation,
  steps: readonly StepDefinition[],
  log: Log,
): Promise<StepsEnd> {
  const { signal } = operation.abort;
  try {
    for (const step of steps) {
      if (operation.step(step.name).status === 'done') continue;
      signal.throwIfAborted();
      await runStep(operation, step);
    }
    return { status: 'done', error: null };
  } catch (error) {
    const reason = errorBody(signal.aborted ? signal.reason : error);
    const expected = signal.aborted || error instanceof AppError;
    if (!expected)
      log.error(`${operation.view.kind} failed by surprise`, { operation: operation.view.id, error });
    const final = await undoBecause(operation, { steps, reason, log });
    return { status: signal.aborted ? 'cancelled' : 'failed', error: final };
  }
}
