import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { GuestView } from '../../server/guest/schema.ts';
import { toApiError } from './api-error.ts';
import { useTRPC } from './client.ts';

/** A guest; `gone`: there is none of that name, or none that the person may see. */
export type NamedGuest = GuestView | 'gone';

const GONE = new Set(['not_found', 'forbidden']);

/** What was answered for each name, in order; null: nothing yet. */
const answersOf = (results: { data: GuestView | undefined; error: unknown }[]): (NamedGuest | null)[] =>
  results.map(({ data, error }) => (error && GONE.has(toApiError(error).code) ? 'gone' : (data ?? null)));

/** A few guests by name, kept true by the event stream; those that are not read yet are not in it. */
export function useNamedGuests(names: readonly string[]): ReadonlyMap<string, NamedGuest> {
  const trpc = useTRPC();
  const key = [...new Set(names)].sort().join('/');
  const asked = useMemo(() => (key === '' ? [] : key.split('/')), [key]);
  const answers = useQueries({
    queries: asked.map((guest) => trpc.guest.get.queryOptions({ guest })),
    combine: answersOf,
  });
  return useMemo(
    () =>
      new Map(
        asked.flatMap((name, index) => {
          const answer = answers[index];
          if (!answer) return [];
          // It has been given another name since.
          const isOther = answer !== 'gone' && answer.name !== name;
          return [[name, isOther ? 'gone' : answer] as const];
        }),
      ),
    [asked, answers],
  );
}
