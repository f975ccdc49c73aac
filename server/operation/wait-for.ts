import { AppError } from '../errors/app-error.ts';
import type { RunningOperation } from './running-operation.ts';
import type { OperationView } from './schema.ts';

/**
 * Resolves with the ended view. Throws `timed_out` after `timeoutMs` and `cancelled` when the one who waits
 * goes away; the operation itself goes on in both cases.
 */
export async function waitFor(
  operation: RunningOperation,
  timeoutMs: number | undefined,
  signal: AbortSignal,
): Promise<OperationView> {
  const { id, kind } = operation.view;
  let timer: NodeJS.Timeout | undefined;
  let gone: () => void = () => undefined;
  const given = new Promise<never>((_resolve, reject) => {
    gone = () => reject(new AppError('cancelled', `nobody waits for operation ${id} any more`));
    if (signal.aborted) gone();
    signal.addEventListener('abort', gone, { once: true });
    if (timeoutMs === undefined) return;
    timer = setTimeout(() => {
      reject(
        new AppError(
          'timed_out',
          `${kind} (operation ${id}) has not ended after ${timeoutMs} ms; it goes on`,
        ),
      );
    }, timeoutMs);
  });
  try {
    return await Promise.race([operation.finished, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', gone);
  }
}
