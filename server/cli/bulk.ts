import { AppError, type ErrorCode, type FieldPath } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import type { GuestView } from '../guest/schema.ts';
import type { Api } from './api.ts';
import type { Invocation } from './command.ts';
import { errorLine } from './error-line.ts';
import { withNearestGuest } from './find-guest.ts';

/** What happened to one of several: the elements of the array that `--json` prints. */
export interface BulkResult {
  name: string;
  ok: boolean;
  /** As it is now; null when it is gone or was never found. */
  guest: GuestView | null;
  error: { code: ErrorCode; message: string; field: FieldPath | null } | null;
}

/** How many are worked on at once. */
const AT_ONCE = 8;

/**
 * Do something to each of the named guests, several at a time, and tell of each. Resolves to 0 when all went well, else to
 * the exit status of the first that did not, in the order they were named.
 */
export async function forEachGuest(
  invocation: Invocation,
  done: string,
  act: (api: Api, name: string) => Promise<GuestView | null>,
): Promise<number> {
  const { json, out } = invocation;
  const api = await invocation.api();
  const names = [...new Set(invocation.names)];
  const results: BulkResult[] = [];
  const queue = names.map((name, i) => ({ name, i }));
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const result = await attempt(api, next.name, act);
      results[next.i] = result;
      if (json) continue;
      const prefix = names.length === 1 || result.error?.message.includes(next.name) ? '' : `${next.name}: `;
      if (result.error) out.note(errorLine(out, result.error, prefix));
      else out.line(`${next.name} ${done}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, names.length) }, worker));
  if (json) out.json(results);
  const failed = results.find((result) => result.error)?.error;
  return failed ? ERROR_TABLE[failed.code].exit : 0;
}

async function attempt(
  api: Api,
  name: string,
  act: (api: Api, name: string) => Promise<GuestView | null>,
): Promise<BulkResult> {
  try {
    return { name, ok: true, guest: await act(api, name), error: null };
  } catch (thrown) {
    const error = await withNearestGuest(api, name, thrown);
    if (!(error instanceof AppError)) throw error;
    // Not one guest's matter: the server is away, or we may not.
    if (error.code === 'unavailable' && !(await answers(api))) throw error;
    const { code, message, field } = error;
    return { name, ok: false, guest: null, error: { code, message, field } };
  }
}

async function answers(api: Api): Promise<boolean> {
  return api.query('operation', 'list', { limit: 1 }).then(
    () => true,
    () => false,
  );
}
