'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { clockTime } from '../_ui/format.ts';
import { readOnly } from '../_ui/read-only.ts';
import { ALONE, useTRPC } from './client.ts';
import { readAgain } from './read-again.ts';

/** ms between two questions while the database is away; the event stream tells it earlier where there is one. */
const ASK_EVERY = 5000;

/** ISO 8601: since when the database is away, so that nothing can be changed; null: it is there. */
export function useDatabaseAway(): string | null {
  const trpc = useTRPC();
  const state = useQuery(
    trpc.database.state.queryOptions(undefined, {
      trpc: ALONE,
      refetchInterval: ({ state: { data } }) => (data?.awaySince ? ASK_EVERY : false),
    }),
  );
  return state.data?.awaySince ?? null;
}

/** Tells every button while nothing can be changed. Renders nothing. */
export function FollowDatabase() {
  const since = useDatabaseAway();
  const queries = useQueryClient();
  useEffect(() => {
    if (since === null) return;
    readOnly.set(`The database is away since ${clockTime(since)}: nothing can be changed until it answers`);
    return () => {
      readOnly.set(null);
      // What could not be read meanwhile, and what somebody may have changed before.
      void readAgain(queries);
    };
  }, [since, queries]);
  return null;
}
