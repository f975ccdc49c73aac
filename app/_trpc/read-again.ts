import type { QueryClient } from '@tanstack/react-query';

/**
 * Answers that are still under way may have been made before the stream began, and what happened between would be missed:
 * a first fetch is not begun anew by invalidating it, so it is let go before.
 */
export async function readAgain(queries: QueryClient): Promise<void> {
  await queries.cancelQueries();
  await queries.invalidateQueries();
}
