'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { BerthEvent } from '../../server/event/schema.ts';
import { toApiError } from './api-error.ts';
import { useTRPCClient } from './client.ts';
import { connection } from './connection.ts';
import { tellEvent } from './event-listeners.ts';
import { takeGuestEvent } from './guest-events.ts';
import { emitOperationOutput } from './operation-output.ts';
import { keepAnswersFresh } from './patch-cache.ts';
import { readAgain, readOnceMore } from './read-again.ts';
import { onRefused } from './signed-out.ts';
import { recordUsage } from './usage-trail.ts';

/** After the server ended the stream itself (it restarts, or we were too slow). */
const RESUBSCRIBE_MS = 500;
/** After who is signed in may not hear anything: until somebody grants it. */
const REFUSED_MS = 10_000;

const ABOUT_PEOPLE: readonly unknown[] = ['user', 'role', 'account', 'auth'];

/** Users, roles and sessions carry no row in their event: who may see which is the server's to say. */
async function readPeopleAgain(queries: QueryClient): Promise<void> {
  await queries.invalidateQueries({
    predicate: ({ queryKey: [path] }) => Array.isArray(path) && ABOUT_PEOPLE.includes(path[0]),
  });
}

/**
 * The one subscription that keeps all that is shown true. Whenever it starts, also after a loss, everything cached is read
 * again, so nothing that happened in between is missed. Renders nothing.
 */
export function LiveStream({ onSignedOut }: { onSignedOut: () => void }) {
  const queries = useQueryClient();
  const api = useTRPCClient();

  useEffect(() => {
    const fresh = keepAnswersFresh(queries);
    let stream: { unsubscribe(): void } | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    let isFirst = true;

    const take = (event: BerthEvent) => {
      if (event.type === 'operation.output') emitOperationOutput(event.id, event.text);
      else fresh.take(event);
      if (event.type === 'people.changed') void readPeopleAgain(queries);
      if (event.type === 'usage') recordUsage(event.guests);
      if (event.type === 'guest.event') takeGuestEvent(event);
      tellEvent(event);
    };
    const lose = () => {
      if (connection.get() === 'live') connection.set('lost');
    };
    const retry = (afterMs = RESUBSCRIBE_MS) => {
      lose();
      if (!stopped) again = setTimeout(open, afterMs);
    };
    function open() {
      stream = api.event.stream.subscribe(undefined, {
        onStarted: () => {
          connection.set('live');
          void (isFirst ? readOnceMore(queries) : readAgain(queries));
          isFirst = false;
        },
        onData: take,
        onConnectionStateChange: (state) => {
          if (state.state === 'connecting' && state.error) lose();
        },
        onError: (error) => {
          const { code } = toApiError(error);
          if (code === 'unauthenticated') onSignedOut();
          else retry(code === 'forbidden' ? REFUSED_MS : undefined);
        },
        onComplete: () => retry(),
      });
    }

    open();
    const deaf = onRefused(onSignedOut);
    return () => {
      stopped = true;
      deaf();
      clearTimeout(again);
      stream?.unsubscribe();
      fresh.stop();
      connection.set('connecting');
    };
  }, [api, queries, onSignedOut]);

  return null;
}
