import type { QueryClient } from '@tanstack/react-query';

/**
 * Answers that are still under way may have been made before the stream began, and what happened between would be missed:
 * a first fetch is not begun anew by invalidating it, so it is let go before.
 */
export async function readAgain(queries: QueryClient): Promise<void> {
  await queries.cancelQueries();
  await queries.invalidateQueries();
}

/**
 * The same as a page begins: what is under way for the first time comes, so that it is shown at once, and is read once more then. What
 * happens from the beginning of the stream on is kept true in it.
 */
export async function readOnceMore(queries: QueryClient): Promise<void> {
  const first = new Set(
    queries
      .getQueryCache()
      .getAll()
      .filter(({ state }) => state.fetchStatus === 'fetching' && state.data === undefined),
  );
  await queries.cancelQueries({ predicate: (query) => !first.has(query) });
  await Promise.all([
    queries.invalidateQueries({ predicate: (query) => !first.has(query) }),
    ...[...first].map(async (one) => {
      await one.promise?.catch(() => undefined);
      await queries.invalidateQueries({ predicate: (query) => query === one });
    }),
  ]);
}
