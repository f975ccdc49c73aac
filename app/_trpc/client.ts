'use client';

import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, createWSClient, httpBatchLink, httpLink, splitLink, wsLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '../../server/router.ts';
import { readOnly } from '../_ui/read-only.ts';
import { isTransient } from './api-error.ts';
import { watchRefusals } from './signed-out.ts';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** The server takes no call without it: another site's page cannot send it (CSRF). */
const HEADERS = { 'x-berth': '1' };

/** Context of a call that takes long: in a batch all others would wait for it. */
export const ALONE = { context: { alone: true } };

/** The one place where clients are built. Subscriptions go over the WebSocket, all else over HTTP. */
export function createApi() {
  const socket = createWSClient({
    url: () => `${window.location.origin.replace(/^http/, 'ws')}/api/trpc`,
    lazy: { enabled: true, closeMs: 1000 },
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 3000 },
    retryDelayMs: (attempt) => (attempt === 0 ? 0 : Math.min(250 * 2 ** attempt, 5000)),
  });
  const client = createTRPCClient<AppRouter>({
    links: [
      watchRefusals,
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: wsLink({ client: socket }),
        false: splitLink({
          condition: (operation) => operation.context.alone === true,
          true: httpLink({ url: '/api/trpc', headers: HEADERS }),
          false: httpBatchLink({ url: '/api/trpc', headers: HEADERS, maxItems: 50 }),
        }),
      }),
    ],
  });
  return { client, socket };
}

/** Data stays true through the event stream, so nothing is refetched by age, focus or time. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        // While the database is away it answers at once that it is; all is read again when it is back (live-stream.tsx).
        retry: (count, error) => isTransient(error) && readOnly.get() === null && count < 8,
        retryDelay: (attempt) => Math.min(250 * 2 ** attempt, 4000),
      },
    },
  });
}
