import type { TRPCLink } from '@trpc/client';
import { tap } from '@trpc/server/observable';
import type { AppRouter } from '../../server/router.ts';
import { toApiError } from './api-error.ts';

const listeners = new Set<() => void>();

/** Hear when a call is refused because nobody is signed in any more; returns how to stop. */
export function onRefused(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells the listeners of each refused call; the call fails as it would. */
export const watchRefusals: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    next(op).pipe(
      tap({
        error: (error) => {
          if (toApiError(error).code === 'unauthenticated') for (const listener of listeners) listener();
        },
      }),
    );
